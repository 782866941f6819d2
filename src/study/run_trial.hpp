#pragma once

#include "hypnos/data_sets.hpp"
#include "hypnos/outcome.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/trial.hpp"
#include "study/network_cache.hpp"

namespace hypnos {

/// Trains, sleeps, wakes, fine-tunes and measures, as the verbs of the program do one by one: the
/// results are the same to the last bit. Random numbers come from the trial's seed, for fine-tuning
/// and the control together with the network's history.
///
/// A stage that cannot be done with this network (its training diverges, its outputs cannot be
/// rescaled, ...) is a result too: the outcome says so in `failure`.
/// @throws Stopped; ParameterError when the data have no such subset; SystemError.
Outcome run_trial(const Trial& trial, DataSets& data, const NetworkCache& networks,
                  const Progress& progress = {});

/// About how much work a trial is, to show progress. The unit is to train with one sample once.
/// @param progress is told while data are loaded
double work_of(const Trial& trial, DataSets& data, const Progress& progress = {});

}  // namespace hypnos

#pragma once

#include <functional>

#include "hypnos/sleep.hpp"
#include "study/data_sets.hpp"
#include "study/network_cache.hpp"
#include "study/outcome.hpp"
#include "study/trial.hpp"

namespace hypnos {

/// Told how far the trial is, in [0, 1]; false stops it.
using TrialProgress = std::function<bool(double part_done)>;

/// What a sleep did to the network, in numbers.
SleepOutcome sleep_outcome(const Network& before, const Network& after, const SleepReport& report);

/// Trains, sleeps, wakes, fine-tunes and measures, as the verbs of the program do one by one: the
/// results are the same to the last bit. Random numbers: the trial's seed, and for fine-tuning and
/// the control what the history of the network makes of it.
///
/// A stage that cannot be done with this network (its training diverges, its outputs cannot be
/// rescaled, ...) is a result too: the outcome says so in `failure`.
/// @throws Stopped when `progress` says so; ParameterError when the data have no such subset;
///   SystemError.
Outcome run_trial(const Trial& trial, DataSets& data, const NetworkCache& networks,
                  const TrialProgress& progress = {});

/// About how much there is to do, in passes of a sample through training. For showing progress.
double work_of(const Trial& trial, DataSets& data);

}  // namespace hypnos

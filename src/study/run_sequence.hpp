#pragma once

#include "hypnos/data_sets.hpp"
#include "hypnos/outcome.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/trial.hpp"
#include "study/network_cache.hpp"

namespace hypnos {

/// Learns the trial's tasks in sequence. Where it was stopped, or its process killed, it goes on
/// after the last task that was learned. Networks that several trials have in common before their
/// first sleep are kept.
/// @pre trial.sequence
/// @throws as run_trial()
Outcome run_sequence(const Trial& trial, DataSets& data, const NetworkCache& networks,
                     const Progress& progress = {});

/// About how much work that is, in the unit of work_of().
double work_of_sequence(const Trial& trial, DataSets& data, const Progress& progress);

}  // namespace hypnos

#pragma once

// What the page shows of tasks in sequence. web/src/report.ts has the same in TypeScript.

#include <span>

#include "hypnos/trial_groups.hpp"

namespace hypnos {

/// Null where no trial got that far.
Json sequence_data(const TrialGroup& group);

/// By how much each group that slept is better than each that learned the same tasks without sleep:
/// the difference of final accuracies, seed by seed. Groups are named by their place.
Json sequence_gains_of(std::span<const TrialGroup> groups, const Progress& progress = {});

}  // namespace hypnos

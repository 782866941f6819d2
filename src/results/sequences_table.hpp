#pragma once

// Groups of trials of tasks in sequence as a table for people.

#include "hypnos/trial_groups.hpp"
#include "results/cells.hpp"

namespace hypnos {

/// The groups whose trials learned tasks in sequence. They point into `groups`.
std::vector<TrialGroup> sequences_in(const std::vector<TrialGroup>& groups);

/// One row per group: what is left in the end, and how well each task was learned.
/// @throws Stopped
Cells sequences_table(const std::vector<TrialGroup>& groups, const Columns& columns,
                      const Progress& progress = {});

/// What stands above it.
std::string sequences_caption(const std::vector<TrialGroup>& groups, const Columns& columns);

}  // namespace hypnos

#pragma once

// Groups of trials as a table for people: means by moment, improvements with their intervals.

#include "hypnos/trial_groups.hpp"
#include "results/cells.hpp"

namespace hypnos {

/// One row per group, with the choices in which groups differ.
/// @throws Stopped
Cells results_table(const std::vector<TrialGroup>& groups, const Columns& columns,
                    const TrialMeasure& measure, const Progress& progress = {});

}  // namespace hypnos

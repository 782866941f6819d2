#pragma once

// What sleep did to weights and responses, layer by layer, as a table for people.

#include "hypnos/trial_groups.hpp"
#include "results/cells.hpp"

namespace hypnos {

/// One row per group and layer: mean and deviation over the seeds. Groups without sleep have none.
Cells weights_table(const std::vector<TrialGroup>& groups, const Columns& columns);

}  // namespace hypnos

#pragma once

// What sleep did to weights and responses, layer by layer.

#include <span>
#include <string>
#include <vector>

#include "study/groups.hpp"

namespace hypnos::cli {

/// Head and rows, one per group and layer: mean and deviation over the seeds. Groups without sleep
/// have none.
std::vector<std::vector<std::string>> weights_table(const std::vector<Group>& groups,
                                                    const Columns& columns);

/// One line per trial and layer, with all numbers.
std::string weights_csv(std::span<const StoredTrial> trials);

}  // namespace hypnos::cli

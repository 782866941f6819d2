#pragma once

#include <string>
#include <vector>

#include "hypnos/trial_groups.hpp"

namespace hypnos {

/// What stands above a results_table(), with the choices that all groups share.
std::string results_caption(const std::vector<TrialGroup>& groups, const Columns& columns,
                            std::string measure);

/// The choices that all groups share, as a sentence.
std::string shared_choices(const std::vector<TrialGroup>& groups, const Columns& columns);

/// The same above a weights_table().
std::string weights_caption(const std::vector<TrialGroup>& groups, const Columns& columns);

}  // namespace hypnos

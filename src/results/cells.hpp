#pragma once

#include <string>
#include <vector>

#include "hypnos/trial_groups.hpp"

namespace hypnos {

/// A table of texts: rows of cells. The first row is the head.
using Cells = std::vector<std::vector<std::string>>;

/// The table without the columns in which only the head is not empty.
Cells without_empty_columns(const Cells& rows);

/// "0.123 ± 0.045 (n 3)": the number of values is said where it is not that of the trials.
std::string summary_cell(const Summary& summary, std::size_t trials);

/// The choices of a group in which groups differ, one cell each.
std::vector<std::string> choice_cells(const TrialGroup& group, const Columns& columns);

}  // namespace hypnos

#pragma once

// Groups of trials as a table for people: means by moment, gains with their intervals.

#include <string>
#include <vector>

#include "study/groups.hpp"

namespace hypnos::cli {

/// Head and rows; of the choices, those that vary.
std::vector<std::vector<std::string>> results_table(const std::vector<Group>& groups,
                                                    const Columns& columns, const Measure& measure);

/// Rows without the columns in which only the head is not empty.
std::vector<std::vector<std::string>> without_empty_columns(
    const std::vector<std::vector<std::string>>& rows);

/// Rows of cells as a Markdown table.
std::string markdown(const std::vector<std::vector<std::string>>& rows);

}  // namespace hypnos::cli

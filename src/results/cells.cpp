#include "results/cells.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hypnos {

Cells without_empty_columns(const Cells& rows) {
  Cells kept(rows.size());
  if (rows.empty()) return kept;
  for (std::size_t c = 0; c < rows[0].size(); ++c) {
    const bool empty =
        std::all_of(rows.begin() + 1, rows.end(), [c](const auto& row) { return row[c].empty(); });
    for (std::size_t r = 0; !empty && r < rows.size(); ++r) kept[r].push_back(rows[r][c]);
  }
  return kept;
}

std::string summary_cell(const Summary& summary, std::size_t trials) {
  if (summary.n == 0) return "";
  const std::string spread = summary.n > 1 ? fmt::format(" ± {:.3f}", summary.deviation) : "";
  const std::string count = summary.n == trials ? "" : fmt::format(" (n {})", summary.n);
  return fmt::format("{:.3f}{}{}", summary.mean, spread, count);
}

std::vector<std::string> choice_cells(const TrialGroup& group, const Columns& columns) {
  std::vector<std::string> cells;
  cells.reserve(columns.varying.size());
  for (const std::string& key : columns.varying) {
    cells.push_back(choice_text(group.choices.value(key, Json())));
  }
  return cells;
}

}  // namespace hypnos

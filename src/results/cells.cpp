#include "results/cells.hpp"

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

}  // namespace hypnos

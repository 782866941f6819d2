#pragma once

// Tables that have a row for each moment of a sleep (before, after) and layer.

#include <array>
#include <cstddef>
#include <vector>

#include "results/rows.hpp"

namespace hypnos {

/// Where a row belongs.
struct Place {
  bool after = false;
  std::size_t layer = 0;  // from 0
};

/// The moment and layer of a row.
Place place_in(Rows& rows, std::size_t layers);

/// NULL is read as a NaN.
double number_or_nan(Rows& rows, const char* column);

/// Counts the rows of each moment and layer.
class RowCounts {
 public:
  explicit RowCounts(std::size_t layers)
      : counts_{std::vector<std::size_t>(layers), std::vector<std::size_t>(layers)} {}
  std::size_t& at(const Place& place) { return counts_.at(place.after ? 1 : 0).at(place.layer); }

  /// Checks that each has one row, or all have none.
  void check_one_each(const Rows& rows) const;

 private:
  std::array<std::vector<std::size_t>, 2> counts_;  // before, after
};

}  // namespace hypnos

#pragma once

#include <cstddef>
#include <span>

namespace hypnos {

/// A mean with its spread and the number of values behind it.
struct Summary {
  std::size_t count = 0;
  double mean = 0;
  double deviation = 0;  ///< standard deviation of the sample (n - 1); 0 for a single value
};

/// @throws InputError when there are no values.
Summary summarize(std::span<const double> values);

}  // namespace hypnos

#pragma once

#include <span>

namespace hypnos {

/// The sum of products, in double precision and in ascending order.
template <typename Number>
double dot(std::span<const double> a, std::span<const Number> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * static_cast<double>(b[i]);
  return sum;
}

}  // namespace hypnos

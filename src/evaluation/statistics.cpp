#include "hypnos/statistics.hpp"

#include <cmath>
#include <numeric>

#include "hypnos/error.hpp"

namespace hypnos {

Summary summarize(std::span<const double> values) {
  if (values.empty()) throw InputError("there are no values to summarize");
  const auto count = static_cast<double>(values.size());
  Summary summary{.count = values.size(), .mean = 0, .deviation = 0};
  summary.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - summary.mean) * (value - summary.mean);
  if (values.size() > 1) summary.deviation = std::sqrt(squares / (count - 1));
  return summary;
}

}  // namespace hypnos

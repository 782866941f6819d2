#include "hypnos/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "base/random.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// Between the two values beside it, in proportion. @pre sorted, not empty
double percentile(std::span<const double> sorted, double part) {
  const double position = part * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], position - static_cast<double>(below));
}

// erf(x) by its series around 0, for |x| up to about 4. It takes the four basic operations alone,
// so that the bits are the same on every machine.
double error_function(double x) {
  double power = x;  // x^(2k+1) / k!, with its sign
  double sum = x;
  for (int k = 1; k < 100; ++k) {
    power *= -x * x / k;
    sum += power / (2 * k + 1);
  }
  return 2 / std::sqrt(std::numbers::pi) * sum;
}

}  // namespace

Summary summarize(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  Summary summary{.n = values.size(), .mean = nothing, .deviation = nothing};
  if (values.empty()) return summary;
  summary.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  if (values.size() < 2) return summary;
  double squares = 0;
  for (const double value : values) squares += (value - summary.mean) * (value - summary.mean);
  summary.deviation = std::sqrt(squares / (n - 1));
  return summary;
}

std::vector<double> paired_differences(std::span<const double> after,
                                       std::span<const double> before) {
  if (after.size() != before.size()) {
    throw InputError(
        fmt::format("{} values cannot be paired with {}", after.size(), before.size()));
  }
  std::vector<double> differences(after.size());
  std::transform(after.begin(), after.end(), before.begin(), differences.begin(), std::minus());
  return differences;
}

double two_sided_quantile(double error) {
  double low = 0;
  double high = 6;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (1 - error_function(middle / std::sqrt(2.0)) > error ? low : high) = middle;
  }
  return high;
}

Interval mean_interval(std::span<const double> values) {
  if (values.size() < 2) return {.low = nothing, .high = nothing};
  constexpr std::size_t resamples = 10000;
  constexpr std::uint64_t seed = 1;
  RandomSequence random(seed, Purpose::bootstrap);
  const auto bound = static_cast<std::uint32_t>(values.size());
  std::vector<double> means(resamples);
  for (double& mean : means) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[random.below(bound)];
    mean = sum / static_cast<double>(values.size());
  }
  std::sort(means.begin(), means.end());
  return {.low = percentile(means, 0.025), .high = percentile(means, 0.975)};
}

}  // namespace hypnos

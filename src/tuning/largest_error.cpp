#include "tuning/largest_error.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.hpp"
#include "hypnos/statistics.hpp"

namespace hypnos {
namespace {

// Takes from each value the mean of its class.
void center_by_class(std::vector<double>& values, std::span<const std::uint32_t> classes) {
  std::vector<double> sums;
  std::vector<double> counts;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (classes[i] >= sums.size()) sums.resize(classes[i] + 1);
    sums[classes[i]] += values[i];
  }
  counts.resize(sums.size());
  for (const std::uint32_t c : classes) ++counts[c];
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] -= sums[classes[i]] / counts[classes[i]];
  }
}

}  // namespace

double quantile_of_largest(std::vector<std::vector<double>> changes,
                           std::span<const std::uint32_t> classes) {
  constexpr std::size_t draws = 4000;
  const double alone = two_sided_quantile(0.05);
  const double all_apart = two_sided_quantile(0.05 / static_cast<double>(changes.size()));
  std::vector<double> scales;
  for (auto& of_length : changes) {
    center_by_class(of_length, classes);
    const double squares =
        std::inner_product(of_length.begin(), of_length.end(), of_length.begin(), 0.0);
    scales.push_back(squares > 0 ? 1 / std::sqrt(squares) : 0);
  }
  std::vector<double> largest;
  largest.reserve(draws);
  std::vector<double> signs(classes.size());
  for (std::size_t draw = 0; draw < draws; ++draw) {
    RandomSequence random(draw, Purpose::bootstrap);
    for (double& sign : signs) sign = random.below(2) == 0 ? 1 : -1;
    double most = 0;
    for (std::size_t k = 0; k < changes.size(); ++k) {
      most = std::max(most, scales[k] * std::inner_product(signs.begin(), signs.end(),
                                                           changes[k].begin(), 0.0));
    }
    largest.push_back(most);
  }
  std::sort(largest.begin(), largest.end());
  return std::clamp(largest[draws * 39 / 40], alone, all_apart);
}

}  // namespace hypnos

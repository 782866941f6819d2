#include "hypnos/weight_summary.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace hypnos {

WeightSummary summarize_weights(std::span<const float> weights) {
  assert(!weights.empty());
  double sum = 0;
  double sizes = 0;
  double squares = 0;
  std::size_t positive = 0;
  for (const float w : weights) {
    sum += double{w};
    sizes += std::abs(double{w});
    squares += double{w} * double{w};
    positive += w > 0 ? 1 : 0;
  }
  const auto [low, high] = std::minmax_element(weights.begin(), weights.end());
  const auto n = static_cast<double>(weights.size());
  WeightSummary summary{.mean = sum / n,
                        .deviation = 0,
                        .low = double{*low},
                        .high = double{*high},
                        .positive = static_cast<double>(positive) / n,
                        .sparsity = 0};
  // From the deviations, and not as a difference of squares: small spreads keep their digits.
  double spread = 0;
  for (const float w : weights) spread += (double{w} - summary.mean) * (double{w} - summary.mean);
  summary.deviation = std::sqrt(spread / n);
  if (squares > 0 && weights.size() > 1) {
    summary.sparsity = (std::sqrt(n) - sizes / std::sqrt(squares)) / (std::sqrt(n) - 1);
  }
  return summary;
}

WeightChange compare_weights(std::span<const float> before, std::span<const float> after) {
  assert(before.size() == after.size());
  WeightChange change;
  for (std::size_t i = 0; i < before.size(); ++i) {
    change.strengthened += after[i] > before[i] ? 1 : 0;
    change.weakened += after[i] < before[i] ? 1 : 0;
  }
  return change;
}

}  // namespace hypnos

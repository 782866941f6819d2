#include "hypnos/weight_summary.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>

namespace hypnos {
namespace {

// Of so many largest values; they come to the front.
double largest_sum(std::span<float> values, std::size_t count) {
  const auto end = values.begin() + static_cast<std::ptrdiff_t>(count);
  if (count < values.size()) std::nth_element(values.begin(), end, values.end(), std::greater());
  double sum = 0;
  for (const float value : values.first(count)) sum += double{value};
  return sum;
}

}  // namespace

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
  const double strong = summarize_weights(before).deviation;
  std::vector<float> sizes(before.size());
  double all = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double difference = double{after[i]} - double{before[i]};
    change.strengthened += difference > 0 ? 1 : 0;
    change.weakened += difference < 0 ? 1 : 0;
    change.strengthened_strongly += difference > strong ? 1 : 0;
    change.weakened_strongly += difference < -strong ? 1 : 0;
    change.largest_increase = std::max(change.largest_increase, difference);
    change.largest_decrease = std::max(change.largest_decrease, -difference);
    sizes[i] = static_cast<float>(std::abs(difference));
    all += double{sizes[i]};
  }
  change.size = all / static_cast<double>(std::max<std::size_t>(before.size(), 1));
  if (all > 0) {
    // The largest 1% are sought among the largest 10%, which come to the front.
    change.of_top_10pct = largest_sum(sizes, sizes.size() / 10) / all;
    change.of_top_1pct =
        largest_sum(std::span(sizes).first(sizes.size() / 10), sizes.size() / 100) / all;
  }
  return change;
}

WeightHistogram count_weights(std::span<const float> weights, double low, double high,
                              std::size_t bins) {
  assert(low <= high && bins > 0);
  WeightHistogram histogram{.low = low, .high = high, .counts = std::vector<std::size_t>(bins, 0)};
  const double per_unit = high > low ? static_cast<double>(bins) / (high - low) : 0;
  for (const float w : weights) {
    const auto bin = static_cast<std::size_t>((double{w} - low) * per_unit);
    ++histogram.counts[std::min(bin, bins - 1)];
  }
  return histogram;
}

}  // namespace hypnos

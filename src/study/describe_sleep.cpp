#include "study/describe_sleep.hpp"

#include <algorithm>

namespace hypnos {
namespace {

constexpr std::size_t histogram_bins = 60;

LayerWeights describe_weights(std::span<const float> before, std::span<const float> after) {
  LayerWeights weights{.before = summarize_weights(before),
                       .after = summarize_weights(after),
                       .change = compare_weights(before, after)};
  const double low = std::min(weights.before.low, weights.after.low);
  const double high = std::max(weights.before.high, weights.after.high);
  weights.histogram_before = count_weights(before, low, high, histogram_bins);
  weights.histogram_after = count_weights(after, low, high, histogram_bins);
  return weights;
}

}  // namespace

SleepOutcome describe_sleep(const Network& before, const Network& after,
                            const SleepReport& report) {
  SleepOutcome outcome{.end = std::string(name_of(report.end)), .steps = report.steps};
  for (std::size_t l = 0; l < report.spike_counts.size(); ++l) {
    outcome.activity.push_back({.units = report.spike_counts[l].size(),
                                .spikes = report.spikes(l),
                                .rate = report.rate(l)});
    if (l > 0) outcome.activity.back().threshold = report.thresholds.at(l - 1);
  }
  for (std::size_t l = 0; l < before.layers.size(); ++l) {
    outcome.weights.push_back(describe_weights(before.layers[l].weights, after.layers[l].weights));
  }
  return outcome;
}

}  // namespace hypnos

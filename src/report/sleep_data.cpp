#include "report/sleep_data.hpp"

#include <algorithm>
#include <cmath>

#include "report/rounded.hpp"

namespace hypnos {
namespace {

using Sleeps = std::span<const SleepOutcome* const>;

// Mean and deviation of what `pick` takes from each sleep, over those where it is a number.
template <typename Pick>
Summary over(Sleeps sleeps, const Pick& pick) {
  std::vector<double> values;
  values.reserve(sleeps.size());
  for (const SleepOutcome* sleep : sleeps) {
    const double value = pick(*sleep);
    if (std::isfinite(value)) values.push_back(value);
  }
  return summarize(values);
}

Json weights_at(Sleeps sleeps, std::size_t layer, WeightSummary LayerWeights::* moment) {
  Json json;
  const auto add = [&](const char* name, double WeightSummary::* field) {
    json[name] = rounded(over(sleeps, [&](const SleepOutcome& sleep) {
                           return sleep.weights[layer].*moment.*field;
                         }).mean);
  };
  add("mean", &WeightSummary::mean);
  add("deviation", &WeightSummary::deviation);
  add("low", &WeightSummary::low);
  add("high", &WeightSummary::high);
  add("positive", &WeightSummary::positive);
  add("sparsity", &WeightSummary::sparsity);
  return json;
}

// Changed weights as parts of all weights into the layer, which are units times units below.
Json changes_of(Sleeps sleeps, std::size_t layer, std::size_t WeightChange::* kind) {
  return summary_data(over(sleeps, [&](const SleepOutcome& sleep) {
    const auto weights = static_cast<double>(sleep.activity[layer].units) *
                         static_cast<double>(sleep.activity[layer + 1].units);
    return static_cast<double>(sleep.weights[layer].change.*kind) / weights;
  }));
}

// The correlations of each pair of classes once: (0, 1), (0, 2), ..., (1, 2), ... The page shows
// three digits.
Json correlations_of(Sleeps sleeps, std::size_t layer, ResponseSummary LayerResponses::* moment) {
  const auto& first = (sleeps.front()->responses[layer].*moment).correlations;
  const auto classes =
      static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(first.size()))));
  Json pairs = Json::array();
  for (std::size_t a = 0; a < classes; ++a) {
    for (std::size_t b = a + 1; b < classes; ++b) {
      const double mean = over(sleeps, [&](const SleepOutcome& sleep) {
                            return (sleep.responses[layer].*moment).correlations[a * classes + b];
                          }).mean;
      pairs.push_back(rounded(std::round(1000 * mean) / 1000));
    }
  }
  return pairs;
}

Json responses_at(Sleeps sleeps, std::size_t layer, ResponseSummary LayerResponses::* moment) {
  Json json;
  const auto add = [&](const char* name, double ResponseSummary::* field) {
    json[name] = summary_data(over(
        sleeps, [&](const SleepOutcome& sleep) { return sleep.responses[layer].*moment.*field; }));
  };
  add("active", &ResponseSummary::active);
  add("sparsity", &ResponseSummary::sparsity);
  add("class_correlation", &ResponseSummary::class_correlation);
  json["correlations"] = correlations_of(sleeps, layer, moment);
  return json;
}

// Adds the layer's incoming weights, and its responses where somebody has looked at them.
void add_changes(Json& json, Sleeps sleeps, std::size_t layer) {
  json["before"] = weights_at(sleeps, layer, &LayerWeights::before);
  json["after"] = weights_at(sleeps, layer, &LayerWeights::after);
  json["strengthened"] = changes_of(sleeps, layer, &WeightChange::strengthened);
  json["weakened"] = changes_of(sleeps, layer, &WeightChange::weakened);
  std::vector<const SleepOutcome*> seen;
  std::copy_if(sleeps.begin(), sleeps.end(), std::back_inserter(seen),
               [](const SleepOutcome* sleep) { return !sleep->responses.empty(); });
  if (seen.empty()) return;
  json["strengthened_strongly"] = changes_of(seen, layer, &WeightChange::strengthened_strongly);
  json["weakened_strongly"] = changes_of(seen, layer, &WeightChange::weakened_strongly);
  json["responses"] = {{"before", responses_at(seen, layer, &LayerResponses::before)},
                       {"after", responses_at(seen, layer, &LayerResponses::after)}};
}

}  // namespace

Json layers_data(std::span<const SleepOutcome* const> sleeps) {
  Json layers = Json::array();
  for (std::size_t l = 0; l < sleeps.front()->activity.size(); ++l) {
    Json layer = {{"units", sleeps.front()->activity[l].units},
                  {"rate", summary_data(over(sleeps, [&](const SleepOutcome& sleep) {
                     return sleep.activity.at(l).rate;
                   }))}};
    if (l > 0) {
      layer["threshold"] = rounded(over(sleeps, [&](const SleepOutcome& sleep) {
                                     return sleep.activity[l].threshold.value_or(NAN);
                                   }).mean);
      add_changes(layer, sleeps, l - 1);
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

Json histogram_data(std::span<const SleepOutcome* const> sleeps) {
  Json layers = Json::array();
  const auto with_histograms = std::find_if(sleeps.begin(), sleeps.end(), [](const auto* sleep) {
    return !sleep->weights.empty() && !sleep->weights.front().histogram_after.counts.empty();
  });
  if (with_histograms == sleeps.end()) return layers;
  for (const LayerWeights& weights : (*with_histograms)->weights) {
    layers.push_back({{"low", rounded(weights.histogram_before.low)},
                      {"high", rounded(weights.histogram_before.high)},
                      {before_sleep, weights.histogram_before.counts},
                      {after_sleep, weights.histogram_after.counts}});
  }
  return layers;
}

}  // namespace hypnos

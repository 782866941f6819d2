#include "tasks/exemplars.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.hpp"
#include "hypnos/dataset_prediction.hpp"
#include "hypnos/error.hpp"
#include "tasks/dot.hpp"

namespace hypnos {
namespace {

constexpr std::uint64_t exemplar_streams = 3ULL << 32U;  // of Purpose::tasks

struct Features {
  std::size_t units = 0;
  std::vector<float> values = {};  // [samples x units], each row of length 1, or all 0
  std::span<const float> of(std::size_t sample) const {
    return std::span(values).subspan(sample * units, units);
  }
};

void scale_to_length_1(std::span<float> row) {
  double square = 0;
  for (const float x : row) square += double{x} * double{x};
  if (square == 0) return;
  const double length = std::sqrt(square);
  for (float& x : row) x = static_cast<float>(double{x} / length);
}

Features features_of(const Network& network, const Dataset& data, const Execution& execution) {
  if (network.layers.size() < 2) throw InputError("icarl needs a network with a hidden layer");
  const std::size_t hidden = network.layers.size() - 2;
  Features features{.units = network.layers[hidden].outputs};
  features.values.resize(data.size() * features.units);
  predict(network, data, execution,
          [&](std::size_t layer, std::size_t first, std::span<const float> responses) {
            if (layer != hidden) return;
            std::copy(
                responses.begin(), responses.end(),
                features.values.begin() + static_cast<std::ptrdiff_t>(first * features.units));
          });
  for (std::size_t s = 0; s < data.size(); ++s) {
    scale_to_length_1(std::span(features.values).subspan(s * features.units, features.units));
  }
  return features;
}

std::vector<double> mean_of(const Features& features, std::size_t samples) {
  std::vector<double> mean(features.units, 0.0);
  for (std::size_t s = 0; s < samples; ++s) {
    const auto row = features.of(s);
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += double{row[i]};
  }
  for (double& x : mean) x /= static_cast<double>(samples);
  return mean;
}

// One after the other, the sample with which the mean of those chosen comes nearest to that of all:
// the largest projection on k * mean - sum of those chosen, because all have the same length.
std::vector<std::size_t> herd(const Features& features, std::size_t samples, std::size_t count,
                              const Progress& progress) {
  const std::vector<double> mean = mean_of(features, samples);
  std::vector<double> rest(mean.size(), 0.0);
  std::vector<std::uint8_t> is_chosen(samples, 0);
  std::vector<std::size_t> chosen;
  while (chosen.size() < count) {
    progress.tell(static_cast<double>(chosen.size()) / static_cast<double>(count));
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i] += mean[i];
    std::size_t best = samples;
    double largest = 0;
    for (std::size_t s = 0; s < samples; ++s) {
      if (is_chosen[s] != 0) continue;
      const double projection = dot<float>(rest, features.of(s));
      if (best == samples || projection > largest) {
        best = s;
        largest = projection;
      }
    }
    const auto row = features.of(best);
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= double{row[i]};
    is_chosen[best] = 1;
    chosen.push_back(best);
  }
  return chosen;
}

}  // namespace

std::vector<std::uint32_t> choose_exemplars(Exemplars how, const Network& network,
                                            const Dataset& train,
                                            std::span<const std::uint32_t> samples,
                                            std::size_t count, std::uint64_t seed,
                                            const Execution& execution) {
  count = std::min(count, samples.size());
  std::vector<std::uint32_t> chosen;
  if (how == Exemplars::random) {
    chosen.assign(samples.begin(), samples.end());
    const std::uint32_t label = samples.empty() ? 0 : train.labels[samples.front()];
    RandomSequence random(seed, Purpose::tasks, exemplar_streams + label);
    shuffle(chosen, random);
    chosen.resize(count);
    return chosen;
  }
  const auto part = [&](double from, double to) { return execution.progress.stretch(from, to); };
  const Features features = features_of(network, select(train, samples),
                                        {.threads = execution.threads, .progress = part(0, 0.5)});
  for (const std::size_t s : herd(features, samples.size(), count, part(0.5, 1)))
    chosen.push_back(samples[s]);
  return chosen;
}

std::vector<std::uint32_t> nearest_exemplar_means(
    const Network& network, const Dataset& train,
    std::span<const std::vector<std::uint32_t>> exemplars, const Dataset& data,
    const Execution& execution) {
  std::vector<std::pair<std::uint32_t, std::vector<float>>> means;
  for (std::uint32_t c = 0; c < exemplars.size(); ++c) {
    if (exemplars[c].empty()) continue;
    const Features features = features_of(network, select(train, exemplars[c]), execution);
    const std::vector<double> mean = mean_of(features, exemplars[c].size());
    std::vector<float> scaled(mean.begin(), mean.end());
    scale_to_length_1(scaled);
    means.emplace_back(c, std::move(scaled));
  }
  const Features features = features_of(network, data, execution);
  std::vector<std::uint32_t> answers(data.size());
  for (std::size_t s = 0; s < data.size(); ++s) {
    const auto row = features.of(s);
    const std::vector<double> wide(row.begin(), row.end());
    double largest = -1;
    for (const auto& [label, mean] : means) {
      const double projection = dot<float>(wide, mean);
      if (projection > largest) {
        largest = projection;
        answers[s] = label;
      }
    }
  }
  return answers;
}

}  // namespace hypnos

#include "reference/dense_sleep.hpp"

#include <numeric>

#include "sleep/plasticity.hpp"

namespace hypnos::test {
namespace {

float phi(Rule rule, float w) {
  switch (rule) {
    case Rule::tadros2022:
      return 2.0F / (1.0F + portable_exp(w * 1000.0F));
    case Rule::sigmoid:
      return 1.0F / (1.0F + portable_exp(-w));
    case Rule::hebbian:
      return 1.0F;
  }
  return 0;
}

std::uint64_t total(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

}  // namespace

std::vector<std::vector<std::uint64_t>> dense_sleep(Network& network, const SleepParameters& p,
                                                    std::span<const double> gains,
                                                    const Stimulus& stimulus) {
  const std::vector<double>& thresholds = std::get<Thresholds>(p.firing).values;
  const std::size_t depth = network.layers.size();
  std::vector<std::vector<float>> spikes(depth + 1);
  std::vector<std::vector<float>> membrane(depth);
  std::vector<std::vector<std::uint64_t>> counts = {
      std::vector<std::uint64_t>(network.inputs(), 0)};
  for (std::size_t l = 0; l < depth; ++l) {
    membrane[l].assign(network.layers[l].outputs, 0.0F);
    counts.emplace_back(network.layers[l].outputs, 0);
  }

  std::vector<std::uint32_t> active;
  for (std::uint64_t step = 0; step < p.steps; ++step) {
    stimulus(step, active);
    spikes[0].assign(network.inputs(), 0.0F);
    for (const std::uint32_t j : active) {
      spikes[0][j] = 1;
      ++counts[0][j];
    }
    for (std::size_t l = 0; l < depth; ++l) {
      Layer& layer = network.layers[l];
      const auto gain = static_cast<float>(gains[l]);
      const auto units = static_cast<double>(layer.inputs);
      const auto rate_below = static_cast<float>(static_cast<double>(total(counts[l])) /
                                                 (units * static_cast<double>(step + 1)));
      std::vector<float> input(layer.outputs);
      float sum = 0;
      for (std::size_t i = 0; i < layer.outputs; ++i) {
        float weighted = 0;
        for (std::size_t j = 0; j < layer.inputs; ++j) {
          weighted += layer.weights[i * layer.inputs + j] * spikes[l][j];
        }
        input[i] = gain * weighted;
        sum += input[i];
      }
      const float inhibition =
          static_cast<float>(p.inhibition) * sum / static_cast<float>(layer.outputs);
      spikes[l + 1].assign(layer.outputs, 0.0F);
      for (std::size_t i = 0; i < layer.outputs; ++i) {
        float& v = membrane[l][i];
        float current = 0;
        if (p.bias == BiasMode::current && !layer.biases.empty()) {
          current = gain * layer.biases[i] * rate_below;
        }
        if (l + 1 == depth) current += static_cast<float>(p.output_current);
        v = (static_cast<float>(p.decay) * v + (input[i] - inhibition)) + current;
        spikes[l + 1][i] = v >= static_cast<float>(thresholds[l]) ? 1.0F : 0.0F;
        if (spikes[l + 1][i] == 0) continue;
        ++counts[l + 1][i];
        for (std::size_t j = 0; j < layer.inputs; ++j) {
          float& w = layer.weights[i * layer.inputs + j];
          w += spikes[l][j] == 1 ? static_cast<float>(p.increment) * phi(p.rule, w)
                                 : -static_cast<float>(p.decrement) * phi(p.rule, w);
        }
        v = 0;
      }
    }
  }
  return counts;
}

}  // namespace hypnos::test

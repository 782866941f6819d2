#include "hypnos/network_metrics.hpp"
#include "hypnos/stages.hpp"
#include "training/check_fit.hpp"

namespace hypnos::stages {

Measured measure(const Network& network, const Dataset& data, const Execution& execution) {
  check_fit(network, data);
  return {.metrics = hypnos::measure(network, data, execution)};
}

Measured measure_with_responses(const Network& network, const Dataset& data,
                                const Execution& execution) {
  check_fit(network, data);
  std::vector<ResponseStatistics> statistics;
  statistics.reserve(network.layers.size());
  for (const Layer& layer : network.layers) statistics.emplace_back(layer.outputs, data.classes);
  const auto look = [&](std::size_t layer, std::size_t first, std::span<const float> responses) {
    const std::size_t samples = responses.size() / network.layers[layer].outputs;
    statistics[layer].add(responses, std::span(data.labels).subspan(first, samples));
  };
  Measured measured{.metrics = hypnos::measure(network, data, execution, look)};
  measured.responses.reserve(statistics.size());
  for (const ResponseStatistics& layer : statistics) {
    measured.responses.push_back(layer.summary());
  }
  return measured;
}

}  // namespace hypnos::stages

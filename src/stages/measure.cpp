#include "hypnos/prediction.hpp"
#include "hypnos/stages.hpp"
#include "training/check_fit.hpp"

namespace hypnos::stages {

Measured measure(const Network& network, const Dataset& data, const Execution& execution) {
  check_fit(network, data);
  const Prediction prediction = predict(network, data.images, execution);
  return {.metrics = hypnos::measure(data.labels, prediction.answers, network.outputs())};
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
  const Prediction prediction = predict(network, data.images, execution, look);
  Measured measured{.metrics = hypnos::measure(data.labels, prediction.answers, network.outputs())};
  measured.responses.reserve(statistics.size());
  for (const ResponseStatistics& layer : statistics) {
    measured.responses.push_back(layer.summary());
  }
  return measured;
}

}  // namespace hypnos::stages

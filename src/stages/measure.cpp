#include "hypnos/dataset_prediction.hpp"
#include "hypnos/stages.hpp"
#include "training/check_fit.hpp"

namespace hypnos::stages {

namespace {

Metrics metrics_of(const Network& network, const Dataset& data, const Prediction& prediction) {
  Metrics metrics = hypnos::measure(data.labels, prediction.answers, network.classes());
  if (network.classes() != 2) return metrics;
  std::vector<float> scores(data.size());
  for (std::size_t s = 0; s < scores.size(); ++s) {
    scores[s] = prediction.outputs[2 * s + 1] - prediction.outputs[2 * s];
  }
  metrics.roc_area = roc_area(data.labels, scores);
  return metrics;
}

}  // namespace

Measured measure(const Network& network, const Dataset& data, const Execution& execution) {
  check_fit(network, data);
  const Prediction prediction = predict(network, data, execution);
  return {.metrics = metrics_of(network, data, prediction)};
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
  const Prediction prediction = predict(network, data, execution, look);
  Measured measured{.metrics = metrics_of(network, data, prediction)};
  measured.responses.reserve(statistics.size());
  for (const ResponseStatistics& layer : statistics) {
    measured.responses.push_back(layer.summary());
  }
  return measured;
}

}  // namespace hypnos::stages

#include "hypnos/attack.hpp"
#include "hypnos/network_metrics.hpp"
#include "hypnos/stages.hpp"
#include "training/check_fit.hpp"

namespace hypnos::stages {

Measured measure(const Network& network, const Dataset& data, const Execution& execution) {
  check_fit(network, data);
  return {.metrics = network_metrics(network, data, execution)};
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
  Measured measured{.metrics = network_metrics(network, data, execution, look)};
  measured.responses.reserve(statistics.size());
  for (const ResponseStatistics& layer : statistics) {
    measured.responses.push_back(layer.summary());
  }
  return measured;
}

std::vector<DistortedMetrics> measure_distorted(const Network& network, const Dataset& data,
                                                std::span<const Distortion> distortions,
                                                std::uint64_t seed, const Execution& execution) {
  std::vector<DistortedMetrics> found;
  const std::vector<Progress> progress = execution.progress.share(distortions.size());
  for (std::size_t d = 0; d < distortions.size(); ++d) {
    const auto part = [&](double from, double to) {
      return Execution{.threads = execution.threads, .progress = progress[d].stretch(from, to)};
    };
    const Dataset seen = distort(network, data, distortions[d], seed, part(0, 0.5));
    found.push_back({.distortion = text_of(distortions[d]),
                     .metrics = network_metrics(network, seen, part(0.5, 1))});
  }
  return found;
}

}  // namespace hypnos::stages

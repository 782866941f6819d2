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
  check_fit(network, data);
  std::vector<double> work;
  work.reserve(distortions.size());
  for (const Distortion& distortion : distortions) work.push_back(passes_of(distortion));
  const std::vector<Progress> progress = execution.progress.share(work);
  std::vector<DistortedMetrics> found;
  for (std::size_t d = 0; d < distortions.size(); ++d) {
    const auto part = [&](double from, double to) {
      return Execution{.threads = execution.threads, .progress = progress[d].stretch(from, to)};
    };
    // To change the pixels takes about as long as a pass, and the last pass is the measurement.
    const double distorted = 1 - 1 / (work[d] + 1);
    const Dataset seen = distort(network, data, distortions[d], seed, part(0, distorted));
    found.push_back({.distortion = text_of(distortions[d]),
                     .metrics = network_metrics(network, seen, part(distorted, 1))});
  }
  return found;
}

}  // namespace hypnos::stages

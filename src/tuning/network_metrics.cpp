#include "hypnos/network_metrics.hpp"

#include <algorithm>
#include <cmath>

#include "hypnos/error.hpp"
#include "hypnos/wake.hpp"

namespace hypnos {
namespace {

// The factor that fits best. Where the outputs say nothing about the right classes all are to be as
// probable, and still in their order.
double factor_of(std::span<const float> outputs, std::span<const std::uint32_t> labels,
                 std::size_t classes) {
  try {
    return waking_factor(OutputKind::softmax, outputs, labels, classes);
  } catch (const InputError&) {
    constexpr double next_to_nothing = 1e-9;
    double largest = 0;
    for (const float output : outputs) largest = std::max(largest, std::abs(double{output}));
    return largest > 0 ? next_to_nothing / largest : 0;
  }
}

}  // namespace

std::vector<double> awake_logits(std::span<const float> outputs,
                                 std::span<const std::uint32_t> labels, std::size_t classes) {
  const double factor = factor_of(outputs, labels, classes);
  std::vector<double> logits;
  logits.reserve(outputs.size());
  for (const float output : outputs) logits.push_back(factor * double{output});
  return logits;
}

Metrics network_metrics(const Network& network, const Dataset& data, const Execution& execution,
                        const ResponseVisitor& visit) {
  const std::size_t classes = network.classes();
  const Prediction prediction = predict(network, data, execution, visit);
  Metrics metrics = measure(data.labels, prediction.answers, classes);
  if (classes < 2) return metrics;
  metrics.probabilities = measure_probabilities(
      data.labels, awake_logits(prediction.outputs, data.labels, classes), classes);
  return metrics;
}

}  // namespace hypnos

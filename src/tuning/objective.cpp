#include "hypnos/objective.hpp"

#include <algorithm>
#include <cmath>

#include "hypnos/error.hpp"
#include "hypnos/metrics.hpp"
#include "hypnos/prediction.hpp"
#include "hypnos/wake.hpp"

namespace hypnos {
namespace {

// Mean of log softmax(gain * outputs) at the labels.
double log_likelihood(const Prediction& prediction, const Dataset& data, std::size_t classes,
                      double gain) {
  double sum = 0;
  for (std::size_t s = 0; s < data.size(); ++s) {
    const float* output = &prediction.outputs[s * classes];
    const double largest = gain * double{*std::max_element(output, output + classes)};
    double total = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      total += std::exp(gain * double{output[c]} - largest);
    }
    sum += gain * double{output[data.labels[s]]} - largest - std::log(total);
  }
  return sum / static_cast<double>(data.size());
}

}  // namespace

double score(const Network& network, const Dataset& data, Objective objective) {
  const Prediction prediction = predict(network, data);
  const std::size_t classes = network.outputs();
  if (objective == Objective::cross_entropy) {
    double gain = 0;
    try {
      gain = output_gain(OutputKind::softmax, prediction.outputs, data.labels, classes);
    } catch (const InputError&) {
      // The outputs say nothing about the right classes: with a factor of 0 all are alike.
    }
    return log_likelihood(prediction, data, classes, gain);
  }
  const Metrics metrics = measure(data.labels, prediction.answers, classes);
  return objective == Objective::accuracy ? metrics.accuracy : metrics.balanced_accuracy;
}

}  // namespace hypnos

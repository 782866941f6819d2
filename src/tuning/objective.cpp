#include "hypnos/objective.hpp"

#include <algorithm>

#include "base/portable_math.hpp"
#include "hypnos/dataset_prediction.hpp"
#include "hypnos/error.hpp"
#include "hypnos/metrics.hpp"
#include "hypnos/wake.hpp"

namespace hypnos {
namespace {

// Computes the mean of log softmax(factor * outputs) at the labels.
double log_likelihood(const Prediction& prediction, const Dataset& data, std::size_t classes,
                      double factor) {
  double sum = 0;
  for (std::size_t s = 0; s < data.size(); ++s) {
    const float* output = &prediction.outputs[s * classes];
    const double largest = factor * double{*std::max_element(output, output + classes)};
    double total = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      total += portable::exp(factor * double{output[c]} - largest);
    }
    sum += factor * double{output[data.labels[s]]} - largest - portable::log(total);
  }
  return sum / static_cast<double>(data.size());
}

}  // namespace

double score(const Network& network, const Dataset& data, Objective objective,
             const Execution& execution) {
  const Prediction prediction = predict(network, data, execution);
  const std::size_t classes = network.classes();
  if (objective == Objective::cross_entropy) {
    double factor = 0;
    try {
      factor = waking_factor(OutputKind::softmax, prediction.outputs, data.labels, classes);
    } catch (const InputError&) {
      // The outputs say nothing about the right classes: with a factor of 0 all are alike.
    }
    return log_likelihood(prediction, data, classes, factor);
  }
  const Metrics metrics = measure(data.labels, prediction.answers, classes);
  return objective == Objective::accuracy ? metrics.accuracy : metrics.balanced_accuracy;
}

}  // namespace hypnos

// Waking up. Sleep shrinks the scale of the outputs. Predictions do not depend on the scale, but
// gradient descent does. So the outputs are multiplied by the g that fits the targets best:
//   squared error:  g = <f, t> / <f, f>
//   cross-entropy:  g = argmin mean( logsumexp(g z) - g <t, z> ),  t = 0.99 one-hot + 0.01 /
//   classes
// and g is spread evenly over the layers: W_l *= g^(1/L), b_l *= g^(l/L).

#include "hypnos/wake.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/portable_math.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

double squared_error_factor(std::span<const float> outputs, std::span<const std::uint32_t> labels,
                            std::size_t classes) {
  double output_target = 0;
  double output_output = 0;
  for (std::size_t s = 0; s < labels.size(); ++s) {
    const auto f = outputs.subspan(s * classes, classes);
    output_target += double{f[labels[s]]};
    for (const float value : f) output_output += double{value} * double{value};
  }
  if (!(output_target > 0)) {
    throw InputError(
        "the network answers none of the right classes; its outputs cannot be rescaled");
  }
  return output_target / output_output;
}

double cross_entropy(double factor, std::span<const float> logits,
                     std::span<const std::uint32_t> labels, std::size_t classes) {
  constexpr double smoothing = 0.01;
  double sum = 0;
  for (std::size_t s = 0; s < labels.size(); ++s) {
    const auto z = logits.subspan(s * classes, classes);
    const double largest = double{*std::max_element(z.begin(), z.end())};
    double exponentials = 0;
    double mean = 0;
    for (const float value : z) {
      exponentials += portable::exp(factor * (double{value} - largest));
      mean += double{value} / static_cast<double>(classes);
    }
    const double target = (1 - smoothing) * double{z[labels[s]]} + smoothing * mean;
    sum += portable::log(exponentials) + factor * (largest - target);
  }
  return sum / static_cast<double>(labels.size());
}

// Searches log g by golden sections. The cross-entropy is convex in g and so has one minimum.
double cross_entropy_factor(std::span<const float> logits, std::span<const std::uint32_t> labels,
                            std::size_t classes) {
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  constexpr double bound = 1e6;
  double low = -portable::log(bound);
  double high = portable::log(bound);
  const auto loss = [&](double log_factor) {
    return cross_entropy(portable::exp(log_factor), logits, labels, classes);
  };
  double a = high - ratio * (high - low);
  double b = low + ratio * (high - low);
  double loss_a = loss(a);
  double loss_b = loss(b);
  while (high - low > 1e-5) {
    if (loss_a < loss_b) {
      high = b;
      b = a;
      loss_b = loss_a;
      a = high - ratio * (high - low);
      loss_a = loss(a);
    } else {
      low = a;
      a = b;
      loss_a = loss_b;
      b = low + ratio * (high - low);
      loss_b = loss(b);
    }
  }
  const double factor = portable::exp((low + high) / 2);
  if (factor > 0.99 * bound || factor < 1.01 / bound) {
    throw InputError("the outputs say nothing about the right classes; they cannot be rescaled");
  }
  return factor;
}

}  // namespace

double waking_factor(OutputKind kind, std::span<const float> outputs,
                     std::span<const std::uint32_t> labels, std::size_t classes) {
  assert(outputs.size() == labels.size() * classes && !labels.empty());
  return kind == OutputKind::relu ? squared_error_factor(outputs, labels, classes)
                                  : cross_entropy_factor(outputs, labels, classes);
}

void rescale(Network& network, double factor) {
  assert(factor > 0);
  const auto depth = static_cast<double>(network.layers.size());
  const auto weight_factor = static_cast<float>(portable::pow(factor, 1 / depth));
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const auto bias_factor =
        static_cast<float>(portable::pow(factor, static_cast<double>(l + 1) / depth));
    for (float& w : network.layers[l].weights) w *= weight_factor;
    for (float& b : network.layers[l].biases) b *= bias_factor;
  }
}

}  // namespace hypnos

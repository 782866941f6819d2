#include "training/output_error.hpp"

#include <algorithm>
#include <utility>

#include "base/portable_math.hpp"
#include "base/softmax.hpp"

namespace hypnos {

double output_error(OutputKind kind, std::span<float> output, std::size_t classes,
                    std::size_t label, std::span<float> scratch) {
  if (kind == OutputKind::softmax) {
    return double{softmax_error(output, classes, label, scratch)};
  }
  if (kind == OutputKind::sigmoid) {
    // A softmax over (0, z).
    output[1] = std::exchange(output[0], 0.0F);
    const float loss = softmax_error(output, 2, label, scratch);
    output[0] = output[1];
    return double{loss};
  }
  output[label] -= 1;
  double loss = 0;
  for (const float error : output.first(classes)) loss += 0.5 * double{error} * double{error};
  return loss;
}

double output_error(OutputKind kind, std::span<float> output, std::size_t classes,
                    std::span<const float> target, std::span<float> scratch) {
  double loss = 0;
  if (kind == OutputKind::softmax) {
    constexpr double least = 1e-30;  // a probability that is 0 in single precision
    softmax_error(output, classes, 0, scratch);
    output[0] += 1;
    for (std::size_t c = 0; c < classes; ++c) {
      const double probability = std::max(double{output[c]}, least);
      if (target[c] > 0) loss -= double{target[c]} * portable::log(probability);
      output[c] -= target[c];
    }
    return loss;
  }
  for (std::size_t c = 0; c < classes; ++c) {
    output[c] -= target[c];
    loss += 0.5 * double{output[c]} * double{output[c]};
  }
  return loss;
}

}  // namespace hypnos

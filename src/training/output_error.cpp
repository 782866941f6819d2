#include "training/output_error.hpp"

#include <utility>

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

}  // namespace hypnos

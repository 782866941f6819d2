#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "hypnos/names.hpp"

namespace hypnos {

/// What the output units do, and with it the loss that the network is trained by.
enum class OutputKind {
  relu,     ///< max(0, z) with squared error: the authors' networks
  softmax,  ///< softmax(z) with cross-entropy; the network's output is the logits z
  sigmoid,  ///< one unit for two classes, sigmoid(z) with cross-entropy; class 1 where z > 0
};
template <>
inline constexpr Name<OutputKind> names_of<OutputKind>[] = {
    {OutputKind::relu, "relu"}, {OutputKind::softmax, "softmax"}, {OutputKind::sigmoid, "sigmoid"}};

/// Where the scale of dropout is made up for.
enum class DropoutForm {
  classical,  ///< at test time: hidden activations are multiplied by (1 - dropout)
  inverted,   ///< while training: kept activations are divided by (1 - dropout)
};
template <>
inline constexpr Name<DropoutForm> names_of<DropoutForm>[] = {{DropoutForm::classical, "classical"},
                                                              {DropoutForm::inverted, "inverted"}};

/// One fully connected layer.
struct Layer {
  std::size_t outputs = 0;
  std::size_t inputs = 0;
  std::vector<float> weights = {};  ///< [outputs x inputs], row-major
  std::vector<float> biases = {};   ///< [outputs], or empty: no biases
};

/// A multilayer perceptron as plain arrays: fully connected layers, ReLU between them.
struct Network {
  std::vector<Layer> layers = {};  ///< from the input to the output
  OutputKind output = OutputKind::softmax;
  float dropout = 0;  ///< fraction of hidden units dropped while training, [0, 1)
  DropoutForm dropout_form = DropoutForm::inverted;

  std::size_t inputs() const { return layers.front().inputs; }
  std::size_t outputs() const { return layers.back().outputs; }

  std::size_t classes() const { return output == OutputKind::sigmoid ? 2 : outputs(); }

  /// What hidden activations are multiplied by at test time.
  float test_factor() const { return dropout_form == DropoutForm::classical ? 1 - dropout : 1.0F; }
};

/// Checks what every stage takes for granted.
/// @throws InputError when the network has no layer, its shapes do not form a chain, an array has
///   the wrong length, or a value is NaN or infinite.
void validate(const Network& network);

}  // namespace hypnos

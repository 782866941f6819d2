#pragma once

#include <cstddef>
#include <span>

#include "hypnos/network.hpp"

namespace hypnos {

/// The loss of one sample and dL/dz of its output units.
///
/// Squared error with ReLU output a = max(0, z): L = 0.5 sum (t - a)^2. As in the released code the
/// error is passed on as if the output were linear, dL/dz = a - t, so that an output unit below
/// zero still learns to answer its class. Cross-entropy: dL/dz = softmax(z) - t, or sigmoid(z) - t.
/// @param output activations (ReLU) or logits (softmax, sigmoid), [units] padded as softmax_error()
/// wants;
///   becomes dL/dz
/// @param scratch as long as `output`
double output_error(OutputKind kind, std::span<float> output, std::size_t classes,
                    std::size_t label, std::span<float> scratch);

/// The same with a target for each output unit. Not for a single output.
/// @param target [classes]; with cross-entropy the sum is 1, L = -sum t log softmax(z)
double output_error(OutputKind kind, std::span<float> output, std::size_t classes,
                    std::span<const float> target, std::span<float> scratch);

}  // namespace hypnos

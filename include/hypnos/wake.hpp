#pragma once

#include <cstdint>
#include <span>

#include "hypnos/network.hpp"

namespace hypnos {

/// The factor g > 0 by which the outputs must be multiplied to fit the targets best.
/// ReLU outputs f with one-hot targets t, squared error: g = <f, t> / <f, f>.
/// Softmax: the g in [1e-6, 1e6] that minimizes the cross-entropy of g * logits with targets that
/// give 1% to all classes alike; with plain targets a network that is right on every sample would
/// be scaled without bound.
/// @param outputs [samples x classes], row-major: activations (ReLU) or logits (softmax)
/// @param labels [samples], each below `classes`
/// @throws InputError when no factor fits: the outputs say nothing about the right classes.
double waking_factor(OutputKind kind, std::span<const float> outputs,
                     std::span<const std::uint32_t> labels, std::size_t classes);

/// Multiplies the network's outputs by `factor` and changes no prediction: with L layers each W_l
/// by factor^(1/L) and each b_l by factor^(l/L).
void rescale(Network& network, double factor);

}  // namespace hypnos

#pragma once

// The network in test mode, in plain slow loops: what predictions must be to the bit.

#include <functional>
#include <span>
#include <vector>

#include "hypnos/network.hpp"

namespace hypnos::test {

/// Called with the index of a layer and the activations of its units, [units].
using ActivationVisitor =
    std::function<void(std::size_t layer, std::span<const float> activations)>;

/// Runs the network in test mode on one input and shows every layer's activations: hidden ones
/// after ReLU and the factor of classical dropout, output ones after their own function (ReLU, or
/// none for softmax: logits).
/// @param input [network.inputs()]
void plain_forward(const Network& network, std::span<const float> input,
                   const ActivationVisitor& visit);

}  // namespace hypnos::test

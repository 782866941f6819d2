#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"

namespace hypnos {

/// What a network in test mode makes of a set of images.
struct Prediction {
  std::vector<float> outputs;  ///< [samples x classes]: activations (ReLU) or logits (softmax)
  std::vector<std::uint32_t>
      answers;                ///< [samples]: the class of the largest output, the first if equal
  std::vector<float> maxima;  ///< [layers]: the largest activation, not below 0
};

/// Shown what the units of a layer answer to some samples that follow each other, [samples x
/// units]: activations (of the output layer as in Prediction).
using ResponseVisitor = std::function<void(std::size_t layer, std::size_t first_sample,
                                           std::span<const float> responses)>;

/// @throws InputError when the images do not fit the network's inputs.
Prediction predict(const Network& network, const Dataset& data, const ResponseVisitor& visit = {});

}  // namespace hypnos

#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// What a network in test mode makes of a set of images.
struct Prediction {
  std::vector<float> outputs;  ///< [samples x classes]: activations (ReLU) or logits (softmax); of
                               ///< a sigmoid's z the logits (0, z)
  std::vector<std::uint32_t>
      answers;                ///< [samples]: the class of the largest output, the first if equal
  std::vector<float> maxima;  ///< [layers]: the largest activation, not below 0
};

/// Shown what the units of a layer answer to some samples that follow each other, [samples x
/// units]: activations (of the output layer as in Prediction). Called by one thread, that of the
/// caller.
using ResponseVisitor = std::function<void(std::size_t layer, std::size_t first_sample,
                                           std::span<const float> responses)>;

/// Runs the network in test mode. The result is the same to the last bit on every machine and for
/// every number of threads.
/// @param images [samples x network.inputs()], row-major
/// @throws InputError when the images do not fit the network's inputs, or the network is damaged.
Prediction predict(const Network& network, std::span<const float> images,
                   const Execution& execution = {}, const ResponseVisitor& visit = {});

/// Gives an image, [inputs]; it may be written to the buffer of this size. Called by several
/// threads at once, each with a buffer of its own.
using ImageSource =
    std::function<std::span<const float>(std::size_t sample, std::span<float> buffer)>;

/// The same for images that are not there as one array.
Prediction predict(const Network& network, std::size_t samples, const ImageSource& image,
                   const Execution& execution = {}, const ResponseVisitor& visit = {});

/// Whoever knows the size of an image asks this first: predict() sees only how many numbers there
/// are in all.
/// @throws InputError unless the network takes so many inputs.
void check_inputs(const Network& network, std::size_t features);

}  // namespace hypnos

#pragma once

#include <vector>

#include "hypnos/image_shape.hpp"
#include "hypnos/network.hpp"

namespace hypnos {

/// A network that is to sleep, and what its calibration set (the samples that it was trained on)
/// says of its activations and of its input.
struct Sleeper {
  Network network;
  std::vector<float> maxima;  ///< [layers], see activation_maxima
  std::vector<float> mean;    ///< mean image, see noise_patches
  ImageShape shape;           ///< of that
};

}  // namespace hypnos

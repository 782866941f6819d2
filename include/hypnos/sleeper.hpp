#pragma once

#include <cstddef>
#include <vector>

#include "hypnos/network.hpp"

namespace hypnos {

/// A network that is to sleep, and what its calibration set (the samples that it was trained on)
/// says of its activations and of its input.
struct Sleeper {
  Network network;
  std::vector<float> maxima;  ///< [layers], see activation_maxima
  std::vector<float> mean;    ///< mean image, see noise_patches
  std::size_t rows = 1;       ///< of the image
  std::size_t columns = 1;
};

}  // namespace hypnos

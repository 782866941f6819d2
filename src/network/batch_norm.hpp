#pragma once

// BatchNorms as a part of the layers beside them. With y = s x + t of a BatchNorm,
//   W' = s_out W s_in,   b' = s_out (b + W t_in) + t_out
// is the same network without it.

#include <filesystem>
#include <optional>

#include "hypnos/model_file.hpp"

namespace hypnos {

/// The layer with its BatchNorms folded in.
/// @param layer as it is stored
/// @throws FileError when a BatchNorm cannot be undone, because it has a scale of 0.
Layer fold(const std::filesystem::path& path, const Layer& layer, const LayerFormat& format);

/// A folded layer as its tensors.
struct Unfolded {
  Layer layer;
  std::optional<BatchNorm> output_norm;
};

/// The way back. Values that did not change since fold() are as they were read. What changed of the
/// biases goes into the shift of the BatchNorm after the layer, or into its mean if it has no
/// shift, or else into the biases of the layer.
/// @param format as the layer was read
Unfolded unfold(const Layer& layer, const LayerFormat& format);

}  // namespace hypnos

#pragma once

#include <span>

#include "hypnos/data_reading.hpp"
#include "hypnos/image_shape.hpp"

namespace hypnos {

/// Normalizes one image: (x - mean) / deviation, by those of its feature.
void normalize_image(std::span<float> image, const ImageShape& shape,
                     const Normalization& normalization);

/// What it was before.
void undo_normalization(std::span<float> image, const ImageShape& shape,
                        const Normalization& normalization);

}  // namespace hypnos

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"

namespace hypnos::test {

/// A network with weights uniform in [low, high], and biases likewise if wanted.
Network random_network(std::span<const std::size_t> sizes, float low, float high,
                       std::uint64_t seed, bool biases = false);

/// Samples of `classes` classes, each a noisy version of its own pattern; learnable in a moment.
Dataset toy_data(std::size_t samples, std::size_t rows, std::size_t columns, std::size_t classes,
                 std::uint64_t seed);

/// An image of data that are not kept as bytes.
inline std::span<const float> image_of(const Dataset& data, std::size_t sample) {
  return std::span(data.images).subspan(sample * data.shape.features(), data.shape.features());
}

/// The data with pixels as bytes, and the same images as numbers.
struct TwoForms {
  Dataset bytes;
  Dataset numbers;
};
TwoForms pixels_in_two_forms(std::size_t samples, const ImageShape& shape, std::size_t classes);

}  // namespace hypnos::test

// Where a pixel's value comes from: its place, turned about the middle of the image and then moved.
// Between pixels it is interpolated linearly; outside of the image all is 0.

#include "training/augmentation.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "base/portable_math.hpp"

namespace hypnos {
namespace {

// A plane of an image, whose pixels are asked for by row and column.
struct Source {
  std::span<const float> values;
  std::ptrdiff_t side, depth;

  float at(std::ptrdiff_t row, std::ptrdiff_t column, std::ptrdiff_t channel) const {
    const bool inside = row >= 0 && row < side && column >= 0 && column < side;
    if (!inside) return 0;
    return values[static_cast<std::size_t>((row * side + column) * depth + channel)];
  }
};

// All channels of the plane at a place between its pixels.
void interpolate(const Source& source, double row, double column, float* result) {
  const double first_row = std::floor(row);
  const double first_column = std::floor(column);
  const auto below = static_cast<float>(row - first_row);
  const auto right = static_cast<float>(column - first_column);
  const auto r = static_cast<std::ptrdiff_t>(first_row);
  const auto c = static_cast<std::ptrdiff_t>(first_column);
  for (std::ptrdiff_t channel = 0; channel < source.depth; ++channel) {
    result[channel] = source.at(r, c, channel) * ((1 - below) * (1 - right)) +
                      source.at(r, c + 1, channel) * ((1 - below) * right) +
                      source.at(r + 1, c, channel) * (below * (1 - right)) +
                      source.at(r + 1, c + 1, channel) * (below * right);
  }
}

}  // namespace

void Augmenter::apply(std::span<const float> image, std::uint64_t place,
                      std::span<float> moved) const {
  assert(shape_.rows == shape_.columns && image.size() == shape_.features() &&
         moved.size() == image.size());
  const auto words = random_.block(place, 0);
  const auto uniform = [&](std::size_t word, double range) {
    return range * (static_cast<double>(words[word]) * 0x1p-31 - 1);
  };
  const double angle = uniform(0, augmentation_.rotation) * (std::numbers::pi / 180);
  const double cosine = portable::cos(angle);
  const double sine = portable::sin(angle);
  const double middle = (static_cast<double>(shape_.rows) - 1) / 2;
  const double to_column = middle + uniform(1, augmentation_.shift);
  const double to_row = middle + uniform(2, augmentation_.shift);
  const std::size_t plane_size = shape_.rows * shape_.columns * shape_.depth();
  float* result = moved.data();
  for (std::size_t plane = 0; plane < shape_.planes(); ++plane) {
    const Source source{.values = image.subspan(plane * plane_size, plane_size),
                        .side = static_cast<std::ptrdiff_t>(shape_.rows),
                        .depth = static_cast<std::ptrdiff_t>(shape_.depth())};
    for (std::size_t row = 0; row < shape_.rows; ++row) {
      const double y = static_cast<double>(row) - middle;
      for (std::size_t column = 0; column < shape_.columns; ++column) {
        const double x = static_cast<double>(column) - middle;
        interpolate(source, sine * x + cosine * y + to_row, cosine * x - sine * y + to_column,
                    result);
        result += shape_.depth();
      }
    }
  }
}

}  // namespace hypnos

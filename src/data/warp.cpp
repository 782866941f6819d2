#include "data/warp.hpp"

#include <cassert>
#include <cmath>
#include <cstddef>

#include "base/portable_math.hpp"

namespace hypnos {
namespace {

// A plane of an image, whose pixels are asked for by row and column.
struct Source {
  std::span<const float> values;
  std::ptrdiff_t rows, columns, depth;

  float at(std::ptrdiff_t row, std::ptrdiff_t column, std::ptrdiff_t channel) const {
    const bool inside = row >= 0 && row < rows && column >= 0 && column < columns;
    if (!inside) return 0;
    return values[static_cast<std::size_t>((row * columns + column) * depth + channel)];
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

void warp(std::span<const float> image, const ImageShape& shape, const Warp& by,
          std::span<float> warped) {
  assert(image.size() == shape.features() && warped.size() == image.size());
  const double cosine = portable::cos(by.angle);
  const double sine = portable::sin(by.angle);
  const double middle_row = (static_cast<double>(shape.rows) - 1) / 2;
  const double middle_column = (static_cast<double>(shape.columns) - 1) / 2;
  const double to_row = middle_row + by.rows;
  const double to_column = middle_column + by.columns;
  const std::size_t plane_size = shape.rows * shape.columns * shape.depth();
  float* result = warped.data();
  for (std::size_t plane = 0; plane < shape.planes(); ++plane) {
    const Source source{.values = image.subspan(plane * plane_size, plane_size),
                        .rows = static_cast<std::ptrdiff_t>(shape.rows),
                        .columns = static_cast<std::ptrdiff_t>(shape.columns),
                        .depth = static_cast<std::ptrdiff_t>(shape.depth())};
    for (std::size_t row = 0; row < shape.rows; ++row) {
      const double y = static_cast<double>(row) - middle_row;
      for (std::size_t column = 0; column < shape.columns; ++column) {
        const double x = static_cast<double>(column) - middle_column;
        interpolate(source, sine * x + cosine * y + to_row, cosine * x - sine * y + to_column,
                    result);
        result += shape.depth();
      }
    }
  }
}

}  // namespace hypnos

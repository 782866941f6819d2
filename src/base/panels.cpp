#include "base/panels.hpp"

#include <algorithm>
#include <cstddef>

#include "base/sized_vectors.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "base/panels.cpp"
#include <hwy/foreach_target.h>
// After the line above: it includes this file again for each target.
#include "base/turn-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hypnos::HWY_NAMESPACE {

// So many rows of panels are turned at a time that they stay in the fastest cache.
constexpr std::size_t block = 64;

// One panel of a matrix whose transpose has rows of `rows` numbers.
void turn_into_panel(const float* transpose, std::size_t rows, std::size_t columns, float* panel,
                     std::size_t width) {
  for (std::size_t row = 0; row < rows; row += block) {
    transpose_block(transpose + row, columns, std::min(block, rows - row), rows,
                    panel + row * width, width);
  }
}

void turn_from_panel(const float* panel, std::size_t rows, std::size_t columns, float* transpose,
                     std::size_t width) {
  for (std::size_t row = 0; row < rows; row += block) {
    transpose_block(panel + row * width, std::min(block, rows - row), columns, width,
                    transpose + row, rows);
  }
}

}  // namespace hypnos::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hypnos {

HWY_EXPORT(turn_into_panel);
HWY_EXPORT(turn_from_panel);

Panels::Panels(std::size_t rows, std::size_t columns)
    : rows_(rows),
      columns_(columns),
      width_(panel_width()),
      values_((columns + width_ - 1) / width_ * width_ * rows) {}

void Panels::set_row(std::size_t row, std::span<const float> values) {
  assert(values.size() == columns_);
  for (std::size_t c = 0; c < columns_; c += width_) {
    std::copy_n(&values[c], std::min(width_, columns_ - c), at(row, c));
  }
}

void Panels::get_row(std::size_t row, std::span<float> values) const {
  assert(values.size() == columns_);
  for (std::size_t c = 0; c < columns_; c += width_) {
    std::copy_n(at(row, c), std::min(width_, columns_ - c), &values[c]);
  }
}

void Panels::set_transposed(std::span<const float> values) {
  assert(values.size() == rows_ * columns_);
  for (std::size_t c = 0; c < columns_; c += width_) {
    HWY_DYNAMIC_DISPATCH(turn_into_panel)
    (&values[c * rows_], rows_, std::min(width_, columns_ - c), at(0, c), width_);
  }
}

void Panels::get_transposed(std::span<float> values) const {
  assert(values.size() == rows_ * columns_);
  for (std::size_t c = 0; c < columns_; c += width_) {
    HWY_DYNAMIC_DISPATCH(turn_from_panel)
    (at(0, c), rows_, std::min(width_, columns_ - c), &values[c * rows_], width_);
  }
}

LayerPanels make_layer_panels(std::size_t inputs, std::size_t outputs, bool biases) {
  LayerPanels layer{.weights = Panels(inputs, outputs), .biases = {}};
  if (biases) layer.biases = AlignedFloats(layer.weights.count() * layer.weights.width());
  return layer;
}

}  // namespace hypnos
#endif

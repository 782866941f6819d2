#pragma once

// A matrix in the order in which the products read it: [columns / width][rows][width]. A panel is
// `width` columns that lie together. The width is what suits the registers of this machine, and
// columns behind the last one are zeros, so that kernels always read and write whole vectors.

#include <cassert>
#include <cstddef>
#include <span>

#include "base/aligned.hpp"

namespace hypnos {

/// Columns of a panel on this machine.
std::size_t panel_width();

class Panels {
 public:
  Panels() = default;
  /// Zeros.
  Panels(std::size_t rows, std::size_t columns);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::size_t width() const { return width_; }
  std::size_t count() const { return (columns_ + width_ - 1) / width_; }

  float* data() { return values_.data(); }
  const float* data() const { return values_.data(); }
  float* at(std::size_t row, std::size_t column) { return data() + place(row, column); }
  const float* at(std::size_t row, std::size_t column) const { return data() + place(row, column); }

  /// @param values [columns]
  void set_row(std::size_t row, std::span<const float> values);
  void get_row(std::size_t row, std::span<float> values) const;

  /// Fills or reads the whole matrix from its transpose.
  /// @param values [columns x rows], row-major
  void set_transposed(std::span<const float> values);
  void get_transposed(std::span<float> values) const;

 private:
  std::size_t place(std::size_t row, std::size_t column) const {
    assert(row < rows_ && column < columns_);
    return (column / width_ * rows_ + row) * width_ + column % width_;
  }

  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::size_t width_ = 1;
  AlignedFloats values_;
};

/// The weights and biases of a layer, or numbers that belong to them one by one.
struct LayerPanels {
  Panels weights;        ///< [inputs x outputs]
  AlignedFloats biases;  ///< [outputs], zeros up to whole panels; or empty
};

LayerPanels make_layer_panels(std::size_t inputs, std::size_t outputs, bool biases);

}  // namespace hypnos

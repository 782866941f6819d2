// Errors back: samples lie across the vector, the units below are the rows of a tile. Weights are
// read from the panels of the forward product, so that there is no second copy of them. The result
// is errors by samples; a last pass masks them and turns small blocks to have them by units as
// well.

#include <algorithm>
#include <cstddef>

#include "base/products.hpp"
#include "base/sized_vectors.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "base/products_backward.cpp"
#include <hwy/foreach_target.h>
// After the line above: it includes this file again for each target.
#include "base/products_tile-inl.h"
#include "base/turn-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hypnos::HWY_NAMESPACE {

// Measured on Zen 4.
constexpr std::size_t backward_rows = many_registers ? 8 : 4;
constexpr std::size_t backward_panels = many_registers ? 4 : 8;  // of the outputs at a time
constexpr std::size_t rows_at_a_time = backward_rows * 3 * 4;    // a multiple of each tile's rows

struct BackwardBlock {
  const BackwardProduct& product;
  std::size_t panel;        // of the samples
  std::size_t first, last;  // panels of the outputs
  bool fetch;               // the rows that come next
};

template <std::size_t Rows, std::size_t Vectors, class D>
HWY_NOINLINE void backward_tile(const BackwardBlock& block, std::size_t row) {
  const BackwardProduct& product = block.product;
  const std::size_t inputs = product.weights.rows();
  const std::size_t outputs = product.weights.columns();
  float* result = product.below_transposed.data() + (block.panel * inputs + row) * width;
  Tile<Rows, Vectors, D> tile;
  if (block.first == 0) {
    tile.clear();
  } else {
    tile.load(result);
  }
  for (std::size_t part = block.first; part < block.last; ++part) {
    const std::size_t count = std::min(width, outputs - part * width);
    const float* weights = product.weights.data() + (part * inputs + row) * width;
    const float* errors = product.errors.data() + (block.panel * outputs + part * width) * width;
    const std::size_t fetches = block.fetch ? std::min(count, Rows * width / line) : 0;
    tile.template multiply_add<width, 1>(weights, errors, count, weights + Rows * width, fetches);
  }
  tile.store(result);
}

template <std::size_t Rows, std::size_t Vectors, class D>
HWY_INLINE void backward_rows_of(BackwardBlock block, std::size_t row, std::size_t end) {
  for (; row + Rows <= end; row += Rows) backward_tile<Rows, Vectors, D>(block, row);
  if constexpr (Rows > 1) {
    block.fetch = false;
    if (row < end) backward_rows_of<lower(Rows), Vectors, D>(block, row, end);
  }
}

void backward_block(BackwardBlock block, std::size_t row, std::size_t end) {
  using FewFloats = hn::CappedTag<float, 4>;
  const std::size_t samples = std::min(width, block.product.samples - block.panel * width);
  if (samples > 2 * lanes) {
    backward_rows_of<tile_rows(backward_rows, 3), 3, Floats>(block, row, end);
    return;
  }
  block.fetch = false;
  if (samples > lanes) {
    backward_rows_of<tile_rows(backward_rows, 2), 2, Floats>(block, row, end);
  } else if (samples > 4) {
    backward_rows_of<tile_rows(backward_rows, 1), 1, Floats>(block, row, end);
  } else {
    backward_rows_of<tile_rows(backward_rows, 1), 1, FewFloats>(block, row, end);
  }
}

void backward_product(const BackwardProduct& product, Share::Range units) {
  const std::size_t output_panels = product.weights.count();
  for (std::size_t first = 0; first < output_panels; first += backward_panels) {
    const std::size_t last = std::min(output_panels, first + backward_panels);
    for (std::size_t row = units.begin; row < units.end; row += rows_at_a_time) {
      const std::size_t end = std::min(units.end, row + rows_at_a_time);
      for (std::size_t panel = 0; panel * width < product.samples; ++panel) {
        const BackwardBlock block{.product = product,
                                  .panel = panel,
                                  .first = first,
                                  .last = last,
                                  .fetch = panel == 0 && end < units.end};
        backward_block(block, row, end);
      }
    }
  }
}

// Samples and units that are turned at a time.
constexpr std::size_t turned = std::min<std::size_t>(4, width);

// One block of errors by samples: masked in place, and stored by units.
struct MaskedBlock {
  float* below_transposed;   // its first sample and unit
  const float* activations;  // likewise, by units
  float* below;
};

void mask_one_by_one(const MaskedBlock& block, std::size_t samples, std::size_t units,
                     float scale) {
  for (std::size_t i = 0; i < units; ++i) {
    for (std::size_t s = 0; s < samples; ++s) {
      float& error = block.below_transposed[i * width + s];
      error = block.activations[s * width + i] > 0 ? error * scale : 0;
      block.below[s * width + i] = error;
    }
  }
}

#if HWY_TARGET != HWY_SCALAR

// As mask_one_by_one(), four samples and four units.
HWY_INLINE void mask_and_turn(const MaskedBlock& block, float scale) {
  const FourFloats d;
  hn::Vec<FourFloats> rows[4];
#pragma GCC unroll 4
  for (std::size_t r = 0; r < 4; ++r) rows[r] = hn::Load(d, block.below_transposed + r * width);
  turn(rows);
#pragma GCC unroll 4
  for (std::size_t r = 0; r < 4; ++r) {
    const auto active = hn::Gt(hn::Load(d, block.activations + r * width), hn::Zero(d));
    rows[r] = hn::IfThenElseZero(active, hn::Mul(rows[r], hn::Set(d, scale)));
    hn::Store(rows[r], d, block.below + r * width);
  }
  turn(rows);
#pragma GCC unroll 4
  for (std::size_t r = 0; r < 4; ++r) hn::Store(rows[r], d, block.below_transposed + r * width);
}

#endif

// The units [unit, end) of one panel.
void mask_panel(const BackwardProduct& product, std::size_t unit, std::size_t end) {
  const std::size_t inputs = product.weights.rows();
  for (std::size_t sample = 0; sample < product.samples; sample += turned) {
    const std::size_t samples = std::min(turned, product.samples - sample);
    MaskedBlock block{
        .below_transposed = product.below_transposed.data() +
                            (sample / width * inputs + unit) * width + sample % width,
        .activations = product.activations.data() +
                       (unit / width * product.activations.rows() + sample) * width + unit % width,
        .below = product.below.data() + (unit / width * product.below.rows() + sample) * width +
                 unit % width};
    std::size_t i = unit;
#if HWY_TARGET != HWY_SCALAR
    for (; samples == 4 && i + 4 <= end; i += 4) {
      mask_and_turn(block, product.scale);
      block.below_transposed += 4 * width;
      block.activations += 4;
      block.below += 4;
    }
#endif
    mask_one_by_one(block, samples, end - i, product.scale);
  }
}

void backward_share(const BackwardProduct& product, Share share) {
  // A share's units are masked by the thread that has computed them.
  const Share::Range units = share.of(product.weights.rows(), 24);
  backward_product(product, units);
  for (std::size_t unit = units.begin; unit < units.end;) {
    const std::size_t end = std::min(units.end, (unit / width + 1) * width);
    mask_panel(product, unit, end);
    unit = end;
  }
}

}  // namespace hypnos::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hypnos {

HWY_EXPORT(backward_share);

void multiply_backward(const BackwardProduct& product, Share share) {
  assert(product.weights.width() == panel_width() &&
         product.errors.rows() == product.weights.columns() &&
         product.below.columns() == product.weights.rows() &&
         product.below_transposed.rows() == product.weights.rows() &&
         product.activations.columns() == product.weights.rows());
  HWY_DYNAMIC_DISPATCH(backward_share)(product, share);
}

}  // namespace hypnos
#endif

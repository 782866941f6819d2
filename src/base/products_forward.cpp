// Forward: outputs lie across the vector, samples are the rows of a tile. A panel's weights are
// taken some hundred inputs at a time, which stay in the fast cache for all samples.

#include <algorithm>
#include <cstddef>

#include "base/products.hpp"
#include "base/sized_vectors.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "base/products_forward.cpp"
#include <hwy/foreach_target.h>
// After the line above: it includes this file again for each target.
#include "base/products_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hypnos::HWY_NAMESPACE {

// Measured on Zen 4.
constexpr std::size_t forward_rows = many_registers ? 8 : 4;
constexpr std::size_t forward_panels = many_registers ? 2 : 8;  // of the inputs at a time

// Some inputs of one panel of outputs. While they are multiplied, the weights that come next are
// brought into the cache, a line with each step.
struct ForwardBlock {
  const ForwardProduct& product;
  std::size_t panel;              // of the outputs
  std::size_t first, last;        // panels of the inputs
  const float* ahead = nullptr;   // weights that come next
  std::size_t lines = 0;          // how many of them are not yet fetched
  std::size_t lines_per_row = 0;  // how many are to be fetched with each sample
};

template <std::size_t Rows, std::size_t Vectors>
HWY_INLINE void activate(const ForwardProduct& product, std::size_t panel, std::size_t row,
                         Tile<Rows, Vectors>& tile) {
  const Floats d;
  const auto scale = hn::Set(d, product.scale);
  const auto zero = hn::Zero(d);
#pragma GCC unroll 64
  for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 64
    for (std::size_t v = 0; v < Vectors; ++v) {
      const auto scaled = hn::Mul(tile.sums[r][v], scale);
      tile.sums[r][v] = hn::IfThenZeroElse(hn::Lt(scaled, zero), scaled);
    }
  }
  if (product.activation != Activation::rectified_and_dropped) return;
  const hn::RebindToUnsigned<Floats> words_d;
  const auto below = hn::Set(words_d, product.drop_below);
  const std::size_t outputs = product.result.columns();
  const std::uint32_t* words = product.words + row * outputs + panel * width;
#pragma GCC unroll 64
  for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 64
    for (std::size_t v = 0; v < Vectors; ++v) {
      const auto dropped = hn::Lt(hn::LoadU(words_d, words + r * outputs + v * lanes), below);
      tile.sums[r][v] = hn::IfThenZeroElse(hn::RebindMask(d, dropped), tile.sums[r][v]);
    }
  }
}

template <std::size_t Rows, std::size_t Vectors>
HWY_NOINLINE void forward_tile(ForwardBlock& block, std::size_t row) {
  const Floats d;
  const ForwardProduct& product = block.product;
  const std::size_t inputs = product.below.columns();
  float* result = product.result.data() + (block.panel * product.result.rows() + row) * width;
  Tile<Rows, Vectors> tile;
  if (block.first > 0) {
    tile.load(result);
  } else if (product.layer.biases.size() == 0) {
    tile.clear();
  } else {
#pragma GCC unroll 64
    for (std::size_t v = 0; v < Vectors; ++v) {
      const auto bias = hn::Load(d, product.layer.biases.data() + block.panel * width + v * lanes);
#pragma GCC unroll 64
      for (std::size_t r = 0; r < Rows; ++r) tile.sums[r][v] = bias;
    }
  }
  const float* weights =
      product.layer.weights.data() + (block.panel * inputs + block.first * width) * width;
  std::size_t lines = block.lines_per_row * Rows;
  for (std::size_t part = block.first; part < block.last; ++part) {
    const std::size_t count = std::min(width, inputs - part * width);
    const float* below = product.below.data() + (part * product.below.rows() + row) * width;
    const std::size_t fetches = std::min({count, lines, block.lines});
    tile.template multiply_add<width, 1>(below, weights, count, block.ahead, fetches);
    block.ahead += line * fetches;
    block.lines -= fetches;
    lines -= fetches;
    weights += count * width;
  }
  if (block.last * width >= inputs && product.activation != Activation::linear) {
    activate(product, block.panel, row, tile);
  }
  tile.store(result);
}

template <std::size_t Rows, std::size_t Vectors>
HWY_INLINE void forward_rows_of(ForwardBlock& block, std::size_t row, std::size_t end) {
  for (; row + Rows <= end; row += Rows) forward_tile<Rows, Vectors>(block, row);
  if constexpr (Rows > 1) {
    if (row < end) forward_rows_of<lower(Rows), Vectors>(block, row, end);
  }
}

// The samples [row, end) of one panel of outputs.
void forward_panel(const ForwardProduct& product, std::size_t panel, std::size_t row,
                   std::size_t end, bool another_follows) {
  const std::size_t inputs = product.below.columns();
  const std::size_t input_panels = product.below.count();
  const std::size_t vectors = vectors_used(product.result.columns(), panel);
  for (std::size_t first = 0; first < input_panels; first += forward_panels) {
    const std::size_t last = std::min(input_panels, first + forward_panels);
    ForwardBlock block{.product = product, .panel = panel, .first = first, .last = last};
    const bool more = last < input_panels;
    if (more || another_follows) {
      block.ahead = product.layer.weights.data() +
                    (more ? panel * inputs + last * width : (panel + 1) * inputs) * width;
      const std::size_t next =
          std::min(forward_panels * width, more ? inputs - last * width : inputs);
      block.lines = next * width / line;
      block.lines_per_row = block.lines / (end - row) + 1;
    }
    if (vectors == 3) forward_rows_of<tile_rows(forward_rows, 3), 3>(block, row, end);
    if (vectors == 2) forward_rows_of<tile_rows(forward_rows, 2), 2>(block, row, end);
    if (vectors == 1) forward_rows_of<tile_rows(forward_rows, 1), 1>(block, row, end);
  }
}

// Of the rows of all panels, one panel after the other: a panel may be split.
Share::Range rows_of_share(const Panels& panels, std::size_t samples, Share share) {
  return share.of(panels.count() * samples, 4);
}

void forward_share(const ForwardProduct& product, Share share) {
  const std::size_t samples = product.samples;
  const auto [begin, end] = rows_of_share(product.result, samples, share);
  for (std::size_t at = begin; at < end;) {
    const std::size_t panel = at / samples;
    const std::size_t panel_end = std::min(end, (panel + 1) * samples);
    forward_panel(product, panel, at - panel * samples, panel_end - panel * samples,
                  panel_end < end);
    at = panel_end;
  }
}

float largest_in(const Panels& panels, std::size_t samples, Share share) {
  const Floats d;
  auto largest = hn::Zero(d);
  const auto [begin, end] = rows_of_share(panels, samples, share);
  for (std::size_t at = begin; at < end; ++at) {
    const std::size_t row = at / samples * panels.rows() + at % samples;
    for (std::size_t v = 0; v < width; v += lanes) {
      const auto value = hn::Load(d, panels.data() + row * width + v);
      largest = hn::IfThenElse(hn::Gt(value, largest), value, largest);
    }
  }
  return hn::GetLane(hn::MaxOfLanes(d, largest));
}

std::size_t width_of_panels() {
  return width;
}

const char* target_name() {
  return hwy::TargetName(HWY_TARGET);
}

bool target_fuses() {
  return HWY_NATIVE_FMA != 0;
}

}  // namespace hypnos::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hypnos {

HWY_EXPORT(forward_share);
HWY_EXPORT(largest_in);
HWY_EXPORT(width_of_panels);
HWY_EXPORT(target_name);
HWY_EXPORT(target_fuses);

void multiply_forward(const ForwardProduct& product, Share share) {
  assert(product.below.width() == panel_width() &&
         product.layer.weights.rows() == product.below.columns() &&
         product.layer.weights.columns() == product.result.columns());
  if (product.samples > 0) HWY_DYNAMIC_DISPATCH(forward_share)(product, share);
}

float largest_or_zero(const Panels& panels, std::size_t samples, Share share) {
  return samples == 0 ? 0 : HWY_DYNAMIC_DISPATCH(largest_in)(panels, samples, share);
}

std::size_t panel_width() {
  return HWY_DYNAMIC_DISPATCH(width_of_panels)();
}

std::string_view vector_target() {
  return HWY_DYNAMIC_DISPATCH(target_name)();
}

bool has_fused_multiply_add() {
  return HWY_DYNAMIC_DISPATCH(target_fuses)();
}

}  // namespace hypnos
#endif

// Gradients: outputs lie across the vector, inputs are the rows of a tile. A tile is finished in
// registers, and then its weights make their step at once: the gradient is never stored.

#include <algorithm>
#include <cstddef>

#include "base/products.hpp"
#include "base/sized_vectors.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "base/products_gradient.cpp"
#include <hwy/foreach_target.h>
// After the line above: it includes this file again for each target.
#include "base/products_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hypnos::HWY_NAMESPACE {

// Measured on Zen 4. Rows divide the width of panels.
constexpr std::size_t gradient_rows = many_registers ? 8 : 4;

// The numbers of a step in registers, and what it does to a vector of weights.
struct MomentumRule {
  static constexpr std::size_t kept = 1;
  explicit HWY_INLINE MomentumRule(const MomentumStep& s)
      : rate(hn::Set(Floats(), s.rate)),
        decay(hn::Set(Floats(), s.decay)),
        momentum(hn::Set(Floats(), s.momentum)) {}

  template <class V>
  HWY_INLINE void apply(V gradient, float* weights, float* const (&numbers)[1]) const {
    const Floats d;
    const auto before = hn::Load(d, weights);
    auto update = fused_multiply_add(d, rate, gradient, hn::Load(d, numbers[0]));
    update = fused_multiply_add(d, decay, before, update);
    hn::Store(hn::Sub(before, update), d, weights);
    hn::Store(hn::Mul(update, momentum), d, numbers[0]);
  }

  hn::Vec<Floats> rate, decay, momentum;
};

struct AdamRule {
  static constexpr std::size_t kept = 2;
  explicit HWY_INLINE AdamRule(const AdamStep& s)
      : rate(hn::Set(Floats(), s.rate)),
        decay(hn::Set(Floats(), s.decay)),
        rest1(hn::Set(Floats(), 1 - s.beta1)),
        beta2(hn::Set(Floats(), s.beta2)),
        rest2(hn::Set(Floats(), 1 - s.beta2)),
        step(hn::Set(Floats(), s.step)),
        root_correction(hn::Set(Floats(), s.root_correction)),
        epsilon(hn::Set(Floats(), s.epsilon)) {}

  template <class V>
  HWY_INLINE void apply(V gradient, float* weights, float* const (&numbers)[2]) const {
    const Floats d;
    const auto before = hn::Load(d, weights);
    const auto g = fused_multiply_add(d, decay, before, hn::Mul(rate, gradient));
    auto mean = hn::Load(d, numbers[0]);
    mean = fused_multiply_add(d, rest1, hn::Sub(g, mean), mean);
    auto square = hn::Mul(hn::Load(d, numbers[1]), beta2);
    square = fused_multiply_add(d, hn::Mul(rest2, g), g, square);
    const auto root = hn::Add(hn::Div(hn::Sqrt(square), root_correction), epsilon);
    hn::Store(hn::Sub(before, hn::Div(hn::Mul(step, mean), root)), d, weights);
    hn::Store(mean, d, numbers[0]);
    hn::Store(square, d, numbers[1]);
  }

  hn::Vec<Floats> rate, decay, rest1, beta2, rest2, step, root_correction, epsilon;
};

template <class Rule, std::size_t Rows, std::size_t Vectors>
HWY_NOINLINE void gradient_tile(const GradientProduct& product, const Rule& rule, std::size_t panel,
                                std::size_t row) {
  const std::size_t samples = product.samples;
  const float* below =
      product.below.data() + (row / width * product.below.rows()) * width + row % width;
  const float* errors = product.errors.data() + panel * product.errors.rows() * width;
  const std::size_t offset = (panel * product.below.columns() + row) * width;
  float* weights = product.layer.weights.data() + offset;
  float* numbers[Rule::kept];
  for (std::size_t n = 0; n < Rule::kept; ++n) {
    numbers[n] = product.kept[n].weights.data() + offset;
  }
  Tile<Rows, Vectors> tile;
  tile.clear();
  // Meanwhile, what the next tile will change is brought into the cache.
  constexpr std::size_t lines = Rows * width / line;
  const std::size_t half = samples / 2;
  const std::size_t fetches = std::min(lines, half);
  tile.template multiply_add<1, width>(below, errors, half, numbers[0] + Rows * width, fetches);
  tile.template multiply_add<1, width>(below + half * width, errors + half * width, samples - half,
                                       weights + Rows * width, fetches);
#pragma GCC unroll 64
  for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 64
    for (std::size_t v = 0; v < Vectors; ++v) {
      const std::size_t at = r * width + v * lanes;
      float* here[Rule::kept];
      for (std::size_t n = 0; n < Rule::kept; ++n) here[n] = numbers[n] + at;
      rule.apply(tile.sums[r][v], weights + at, here);
    }
  }
}

template <class Rule, std::size_t Rows, std::size_t Vectors>
HWY_INLINE void gradient_rows_of(const GradientProduct& product, const Rule& rule,
                                 std::size_t panel, std::size_t row, std::size_t end) {
  for (; row + Rows <= end; row += Rows) {
    gradient_tile<Rule, Rows, Vectors>(product, rule, panel, row);
  }
  if constexpr (Rows > 1) {
    if (row < end) gradient_rows_of<Rule, lower(Rows), Vectors>(product, rule, panel, row, end);
  }
}

// The sum of the errors, in the order of the samples.
template <class Rule>
void step_biases(const GradientProduct& product, const Rule& rule, std::size_t panel) {
  const Floats d;
  const float* errors = product.errors.data() + panel * product.errors.rows() * width;
  for (std::size_t v = 0; v < vectors_used(product.errors.columns(), panel); ++v) {
    auto sum = hn::Zero(d);
    for (std::size_t s = 0; s < product.samples; ++s) {
      sum = hn::Add(sum, hn::Load(d, errors + s * width + v * lanes));
    }
    const std::size_t at = panel * width + v * lanes;
    float* numbers[Rule::kept];
    for (std::size_t n = 0; n < Rule::kept; ++n) numbers[n] = product.kept[n].biases.data() + at;
    rule.apply(sum, product.layer.biases.data() + at, numbers);
  }
}

// The inputs [row, end) of one panel of outputs.
template <class Rule>
void gradient_panel(const GradientProduct& product, const Rule& rule, std::size_t panel,
                    std::size_t row, std::size_t end) {
  const std::size_t vectors = vectors_used(product.errors.columns(), panel);
  if (row == 0 && product.layer.biases.size() > 0) step_biases(product, rule, panel);
  while (row < end) {  // tiles do not cross the panels of the inputs
    const std::size_t stop = std::min(end, (row / width + 1) * width);
    if (vectors == 3) {
      gradient_rows_of<Rule, tile_rows(gradient_rows, 3), 3>(product, rule, panel, row, stop);
    }
    if (vectors == 2) {
      gradient_rows_of<Rule, tile_rows(gradient_rows, 2), 2>(product, rule, panel, row, stop);
    }
    if (vectors == 1) {
      gradient_rows_of<Rule, tile_rows(gradient_rows, 1), 1>(product, rule, panel, row, stop);
    }
    row = stop;
  }
}

template <class Rule>
void gradient_by(const GradientProduct& product, const Rule& rule, Share share) {
  // Panels one after the other, and in them the inputs: a panel may be split.
  const std::size_t inputs = product.below.columns();
  const auto [begin, end] = share.of(product.errors.count() * inputs, 24);
  for (std::size_t at = begin; at < end;) {
    const std::size_t panel = at / inputs;
    const std::size_t panel_end = std::min(end, (panel + 1) * inputs);
    gradient_panel(product, rule, panel, at - panel * inputs, panel_end - panel * inputs);
    at = panel_end;
  }
}

void gradient_share(const GradientProduct& product, Share share) {
  if (const auto* momentum = std::get_if<MomentumStep>(&product.step)) {
    gradient_by(product, MomentumRule(*momentum), share);
  } else if (const auto* adam = std::get_if<AdamStep>(&product.step)) {
    gradient_by(product, AdamRule(*adam), share);
  }
}

}  // namespace hypnos::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hypnos {

HWY_EXPORT(gradient_share);

void multiply_gradient(const GradientProduct& product, Share share) {
  assert(product.below.width() == panel_width() &&
         product.layer.weights.rows() == product.below.columns() &&
         product.layer.weights.columns() == product.errors.columns() &&
         product.kept.size() == numbers_kept(product.step));
  HWY_DYNAMIC_DISPATCH(gradient_share)(product, share);
}

}  // namespace hypnos
#endif

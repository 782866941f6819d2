#pragma once

// Plasticity (Tadros et al. 2022). When the postsynaptic unit i spikes at a step:
//   W[i,j] += increment * phi(W[i,j])   for each j that spiked at that step
//   W[i,j] -= decrement * phi(W[i,j])   for each j that did not
// The rule determines phi:
//   tadros2022:  2 / (1 + exp(w / 0.001)): 2 for clearly negative weights, 1 at zero, nearly 0 for
//                clearly positive ones, which are therefore frozen
//   sigmoid:     1 / (1 + exp(-w))
//   hebbian:     1
//
// This file is the definition, for one weight. kernels.cpp does the same operations in the same
// order for many weights at once, and its results have the same bits.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "hypnos/sleep_parameters.hpp"

namespace hypnos {

/// The constants of exp in single precision: ln 2 in two parts reduces the range, and a polynomial
/// of degree 7 does the rest (S. L. Moshier, Cephes library, expf). The relative error is below
/// 2e-7.
struct ExpConstants {
  static constexpr float lowest = -87.0F;  // arguments are clamped to these bounds
  static constexpr float highest = 88.0F;
  static constexpr float log2_e = 1.44269504F;
  static constexpr float ln2_high = 0.693359375F;
  static constexpr float ln2_low = -2.12194440e-4F;
  static constexpr float polynomial[] = {1.9875691500e-4F, 1.3981999507e-3F, 8.3334519073e-3F,
                                         4.1665795894e-2F, 1.6666665459e-1F, 5.0000001201e-1F};
};

/// exp(x). It takes the four basic operations alone and is the same on every machine.
inline float portable_exp(float x) {
  using C = ExpConstants;
  x = std::min(std::max(x, C::lowest), C::highest);
  const float n = std::nearbyint(x * C::log2_e);
  const float r = (x - n * C::ln2_high) - n * C::ln2_low;
  float y = C::polynomial[0];
  for (int k = 1; k < 6; ++k) y = y * r + C::polynomial[k];
  y = (y * (r * r) + r) + 1.0F;
  return y * std::bit_cast<float>((static_cast<std::int32_t>(n) + 127) << 23);
}

template <Rule rule>
float phi(float w) {
  if constexpr (rule == Rule::tadros2022) {
    return 2.0F / (1.0F + portable_exp(w * 1000.0F));
  } else if constexpr (rule == Rule::sigmoid) {
    return 1.0F / (1.0F + portable_exp(-w));
  } else {
    return 1.0F;
  }
}

/// The weight from which on amount * phi(w) is too little to change w, by rounding. Infinite where
/// phi does not vanish.
inline float frozen_from(Rule rule, float amount) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  if (rule != Rule::tadros2022) return infinity;
  // Above the weight phi falls, up to its last bits, and the distance of neighboring numbers grows.
  const auto is_frozen = [amount](float w) {
    const float below = w - std::nextafter(w, 0.0F);
    return std::abs(amount) * phi<Rule::tadros2022>(w) < 0.49F * below;
  };
  float low = 1e-12F;
  float high = 1;
  if (!is_frozen(high)) return infinity;
  for (int k = 0; k < 40; ++k) {
    const float middle = std::sqrt(low * high);
    (is_frozen(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace hypnos

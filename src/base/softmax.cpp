// Exponentials and logarithms by polynomials in fused multiply-adds, so that they are the same bits
// in every width of vectors and on every machine; those of the C library are not.

#include "base/softmax.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "base/softmax.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// After the line above: it includes this file again for each target.
#include "base/fused_multiply_add-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hypnos::HWY_NAMESPACE {

using Values = hn::CappedTag<float, softmax_padding>;
using Vector = hn::Vec<Values>;

// a x + b
HWY_INLINE Vector polynomial_step(Vector a, Vector x, float b) {
  return fused_multiply_add(Values(), a, x, hn::Set(Values(), b));
}

// x = n log 2 + r: e^x = 2^n e^r, |r| <= log(2) / 2. The polynomial has the smallest largest error.
HWY_INLINE Vector exponential(Vector x) {
  const Values d;
  const hn::RebindToSigned<Values> integers;
  constexpr float least = -87.3F;  // below, the result is no normal number
  const auto is_number = hn::Eq(x, x);
  const auto is_zero = hn::Lt(x, hn::Set(d, least));
  const auto bounded =
      hn::Min(hn::Max(hn::IfThenElseZero(is_number, x), hn::Set(d, least)), hn::Set(d, 88.0F));
  const auto n = hn::Round(hn::Mul(bounded, hn::Set(d, 1.44269504F)));  // 1 / log 2
  auto r = fused_multiply_add(d, n, hn::Set(d, -0.693145752F), bounded);
  r = fused_multiply_add(d, n, hn::Set(d, -1.42860682e-6F), r);
  auto p = hn::Set(d, 1.98756912e-4F);
  p = polynomial_step(p, r, 1.39819994e-3F);
  p = polynomial_step(p, r, 8.33345191e-3F);
  p = polynomial_step(p, r, 4.16657962e-2F);
  p = polynomial_step(p, r, 1.66666655e-1F);
  p = polynomial_step(p, r, 0.5F);
  p = fused_multiply_add(d, p, hn::Mul(r, r), r);
  p = hn::Add(p, hn::Set(d, 1.0F));
  const auto exponent = hn::Add(hn::ConvertTo(integers, n), hn::Set(integers, 127));
  const auto result = hn::Mul(p, hn::BitCast(d, hn::ShiftLeft<23>(exponent)));
  return hn::IfThenElse(is_number, hn::IfThenZeroElse(is_zero, result), x);
}

// x = 2^e m, m from sqrt(1/2) to sqrt(2), s = (m - 1) / (m + 1): log m = 2 s + 2/3 s^3 + ...,
// written as f - f^2 / 2 + s (f^2 / 2 + R(s^2)) with f = m - 1.
HWY_INLINE Vector logarithm(Vector x) {
  const Values d;
  const hn::RebindToSigned<Values> integers;
  const auto root_of_half = hn::Set(integers, 0x3F3504F3);
  const auto shifted = hn::Sub(hn::BitCast(integers, x), root_of_half);
  const auto e = hn::ConvertTo(d, hn::ShiftRight<23>(shifted));
  const auto fraction = hn::And(shifted, hn::Set(integers, 0x007FFFFF));
  const auto f = hn::Sub(hn::BitCast(d, hn::Add(fraction, root_of_half)), hn::Set(d, 1.0F));
  const auto s = hn::Div(f, hn::Add(f, hn::Set(d, 2.0F)));
  const auto z = hn::Mul(s, s);
  auto p = hn::Set(d, 0.24279079F);
  p = polynomial_step(p, z, 0.28498787F);
  p = polynomial_step(p, z, 0.40000972F);
  p = polynomial_step(p, z, 0.66666663F);
  const auto half_square = hn::Mul(hn::Set(d, 0.5F), hn::Mul(f, f));
  const auto rest = fused_multiply_add(d, p, z, half_square);
  const auto tail =
      fused_multiply_add(d, s, rest, hn::Mul(e, hn::Set(d, 9.05800061e-6F)));  // log 2, low part
  const auto result =
      fused_multiply_add(d, e, hn::Set(d, 0.693138123F), hn::Sub(f, hn::Sub(half_square, tail)));
  return hn::IfThenElse(hn::Eq(x, x), result, x);
}

float softmax_error_row(float* z, std::size_t classes, std::size_t label, float* scratch) {
  const Values d;
  const std::size_t padded = (classes + softmax_padding - 1) / softmax_padding * softmax_padding;
  float largest = z[0];
  for (std::size_t c = 1; c < classes; ++c) largest = z[c] > largest ? z[c] : largest;
  std::fill(z + classes, z + padded, largest);
  const auto shift = hn::Set(d, largest);
  for (std::size_t c = 0; c < padded; c += hn::Lanes(d)) {
    hn::StoreU(exponential(hn::Sub(hn::LoadU(d, z + c), shift)), d, scratch + c);
  }
  float sum = 0;
  for (std::size_t c = 0; c < classes; ++c) sum += scratch[c];
  const auto log_sum = logarithm(hn::Set(d, sum));
  for (std::size_t c = 0; c < padded; c += hn::Lanes(d)) {
    const auto log_probability = hn::Sub(hn::Sub(hn::LoadU(d, z + c), shift), log_sum);
    hn::StoreU(log_probability, d, scratch + c);
    hn::StoreU(exponential(log_probability), d, z + c);
  }
  z[label] -= 1;
  return -scratch[label];
}

void exponential_of_each(const float* x, std::size_t count, float* y) {
  const Values d;
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    hn::StoreU(exponential(hn::LoadU(d, x + i)), d, y + i);
  }
}

void logarithm_of_each(const float* x, std::size_t count, float* y) {
  const Values d;
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    hn::StoreU(logarithm(hn::LoadU(d, x + i)), d, y + i);
  }
}

}  // namespace hypnos::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hypnos {

HWY_EXPORT(softmax_error_row);
HWY_EXPORT(exponential_of_each);
HWY_EXPORT(logarithm_of_each);

float softmax_error(std::span<float> z, std::size_t classes, std::size_t label,
                    std::span<float> scratch) {
  assert(z.size() % softmax_padding == 0 && classes <= z.size() && label < classes &&
         scratch.size() == z.size());
  return HWY_DYNAMIC_DISPATCH(softmax_error_row)(z.data(), classes, label, scratch.data());
}

void exponentials(std::span<const float> x, std::span<float> y) {
  assert(x.size() % softmax_padding == 0 && y.size() == x.size());
  HWY_DYNAMIC_DISPATCH(exponential_of_each)(x.data(), x.size(), y.data());
}

void logarithms(std::span<const float> x, std::span<float> y) {
  assert(x.size() % softmax_padding == 0 && y.size() == x.size());
  HWY_DYNAMIC_DISPATCH(logarithm_of_each)(x.data(), x.size(), y.data());
}

}  // namespace hypnos
#endif

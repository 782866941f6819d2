// fused_multiply_add(a, b, c) = a b + c with one rounding, in vectors of single precision, for the
// target that is being compiled.

#if defined(HYPNOS_FUSED_MULTIPLY_ADD_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef HYPNOS_FUSED_MULTIPLY_ADD_INL
#undef HYPNOS_FUSED_MULTIPLY_ADD_INL
#else
#define HYPNOS_FUSED_MULTIPLY_ADD_INL
#endif

#include <hwy/highway.h>

#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace hypnos::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if !HWY_NATIVE_FMA && HWY_TARGET != HWY_SCALAR

// Half a vector by way of double precision. The product is exact there. The sum is rounded to odd,
// so that the second rounding, to single precision, is right (Boldo and Melquiond 2008).
template <class D, class V = hn::Vec<D>>
V fuse_half(D d, V a, V b, V c) {
  const hn::Rebind<double, D> wide;
  const hn::RebindToUnsigned<decltype(wide)> bits;
  const hn::RebindToSigned<decltype(wide)> integers;
  const auto product = hn::Mul(hn::PromoteTo(wide, a), hn::PromoteTo(wide, b));
  const auto addend = hn::PromoteTo(wide, c);
  const auto sum = hn::Add(product, addend);
  // What the rounding of the sum has lost (Knuth 1969).
  const auto part = hn::Sub(sum, product);
  const auto lost = hn::Add(hn::Sub(product, hn::Sub(sum, part)), hn::Sub(addend, part));
  const auto zero = hn::Zero(wide);
  const auto inexact = hn::Or(hn::Lt(lost, zero), hn::Gt(lost, zero));
  const auto sum_bits = hn::BitCast(bits, sum);
  const auto one = hn::Set(bits, 1);
  const auto even = hn::RebindMask(wide, hn::Eq(hn::And(sum_bits, one), hn::Zero(bits)));
  // An even sum has the odd number that it should have been above it (+1), or, if it was rounded
  // away from 0, below it (-1: all bits set).
  const auto opposite = hn::BroadcastSignBit(hn::BitCast(integers, hn::Xor(lost, sum)));
  const auto change = hn::Or(hn::BitCast(bits, opposite), one);
  const auto odd = hn::BitCast(wide, hn::Add(sum_bits, change));
  return hn::DemoteTo(d, hn::IfThenElse(hn::And(inexact, even), odd, sum));
}

#endif

template <class D, class V = hn::Vec<D>>
HWY_INLINE V fused_multiply_add([[maybe_unused]] D d, V a, V b, V c) {
#if HWY_NATIVE_FMA
  return hn::MulAdd(a, b, c);
#elif HWY_TARGET == HWY_SCALAR
  return V(std::fma(a.raw, b.raw, c.raw));
#else
  const hn::Half<D> half;
  return hn::Combine(
      d, fuse_half(half, hn::UpperHalf(half, a), hn::UpperHalf(half, b), hn::UpperHalf(half, c)),
      fuse_half(half, hn::LowerHalf(half, a), hn::LowerHalf(half, b), hn::LowerHalf(half, c)));
#endif
}

}  // namespace hypnos::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

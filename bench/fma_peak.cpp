#include "fma_peak.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fma_peak.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace hypnos::bench::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

double Run(std::size_t rounds) {
  const hn::CappedTag<float, 16> d;
  constexpr std::size_t chains = 12;
  volatile float factor = 0.999F;  // so that the compiler does not know it
  const auto a = hn::Set(d, factor);
  hn::Vec<decltype(d)> sums[chains];
#pragma GCC unroll 64
  for (std::size_t i = 0; i < chains; ++i) sums[i] = hn::Set(d, static_cast<float>(i));
  for (std::size_t r = 0; r < rounds; ++r) {
#pragma GCC unroll 64
    for (std::size_t i = 0; i < chains; ++i) sums[i] = hn::MulAdd(sums[i], a, a);
  }
  auto all = sums[0];
#pragma GCC unroll 64
  for (std::size_t i = 1; i < chains; ++i) all = hn::Add(all, sums[i]);
  factor = hn::GetLane(all);
  return 2.0 * static_cast<double>(rounds) * chains * static_cast<double>(hn::Lanes(d));
}

}  // namespace hypnos::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hypnos::bench {

HWY_EXPORT(Run);

double run_fma_peak(std::size_t rounds) {
  return HWY_DYNAMIC_DISPATCH(Run)(rounds);
}

}  // namespace hypnos::bench
#endif

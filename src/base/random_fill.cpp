// RandomStream::fill in the widest vector instructions that the machine has (Google Highway, chosen
// at run time): as many blocks of Philox4x32-10 at once as a vector has lanes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/random.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "base/random_fill.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace hypnos::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

// How many of the words were filled: whole vectors of blocks, from the first on.
std::size_t FillVectors(std::uint64_t, Purpose, std::uint64_t, std::uint32_t,
                        std::span<std::uint32_t>) {
  return 0;
}

#else

namespace hn = hwy::HWY_NAMESPACE;
using Words = hn::ScalableTag<std::uint32_t>;

// Low and high halves of the products of 32-bit words.
template <class V>
void Multiply(V a, V b, V& low, V& high) {
  const Words d;
  const hn::Repartition<std::uint64_t, Words> d64;
  const auto even = hn::MulEven(a, b);
  const auto odd = hn::MulEven(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(d64, a))), b);
  low = hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(odd)), hn::BitCast(d, even));
  high = hn::OddEven(hn::BitCast(d, odd), hn::BitCast(d, hn::ShiftRight<32>(even)));
}

// How many of the words were filled: whole vectors of blocks, from the first on.
std::size_t FillVectors(std::uint64_t seed, Purpose purpose, std::uint64_t position,
                        std::uint32_t first_block, std::span<std::uint32_t> words) {
  const Words d;
  const std::size_t at_once = 4 * hn::Lanes(d);
  const auto multiplier0 = hn::Set(d, 0xD2511F53U);
  const auto multiplier1 = hn::Set(d, 0xCD9E8D57U);
  std::size_t filled = 0;
  for (; filled + at_once <= words.size(); filled += at_once) {
    auto c0 = hn::Iota(d, first_block + static_cast<std::uint32_t>(filled / 4));
    auto c1 = hn::Set(d, static_cast<std::uint32_t>(position));
    auto c2 = hn::Set(d, static_cast<std::uint32_t>(position >> 32));
    auto c3 = hn::Set(d, static_cast<std::uint32_t>(purpose));
    auto key0 = static_cast<std::uint32_t>(seed);
    auto key1 = static_cast<std::uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {
      auto low0 = c0;
      auto high0 = c0;
      auto low1 = c0;
      auto high1 = c0;
      Multiply(c0, multiplier0, low0, high0);
      Multiply(c2, multiplier1, low1, high1);
      c0 = hn::Xor(hn::Xor(high1, c1), hn::Set(d, key0));
      c2 = hn::Xor(hn::Xor(high0, c3), hn::Set(d, key1));
      c1 = low1;
      c3 = low0;
      key0 += 0x9E3779B9U;
      key1 += 0xBB67AE85U;
    }
    hn::StoreInterleaved4(c0, c1, c2, c3, d, &words[filled]);
  }
  return filled;
}

#endif

}  // namespace hypnos::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hypnos {

HWY_EXPORT(FillVectors);

void RandomStream::fill(std::uint64_t position, std::span<std::uint32_t> words,
                        std::uint32_t first_block) const {
  std::size_t filled =
      HWY_DYNAMIC_DISPATCH(FillVectors)(seed_, purpose_, position, first_block, words);
  for (; filled < words.size(); filled += 4) {
    const Block drawn = block(position, first_block + static_cast<std::uint32_t>(filled / 4));
    const auto rest = words.subspan(filled);
    std::copy_n(drawn.begin(), std::min<std::size_t>(4, rest.size()), rest.begin());
  }
}

}  // namespace hypnos
#endif

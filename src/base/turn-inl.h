// Four vectors of four numbers are turned, for the target that is being compiled: columns become
// rows.

#if defined(HYPNOS_TURN_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef HYPNOS_TURN_INL
#undef HYPNOS_TURN_INL
#else
#define HYPNOS_TURN_INL
#endif

#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace hypnos::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET != HWY_SCALAR

using FourFloats = hn::CappedTag<float, 4>;

template <class V>
HWY_INLINE void turn(V (&rows)[4]) {
  const FourFloats d;
  const V even_lower = hn::InterleaveLower(d, rows[0], rows[2]);
  const V odd_lower = hn::InterleaveLower(d, rows[1], rows[3]);
  const V even_upper = hn::InterleaveUpper(d, rows[0], rows[2]);
  const V odd_upper = hn::InterleaveUpper(d, rows[1], rows[3]);
  rows[0] = hn::InterleaveLower(d, even_lower, odd_lower);
  rows[1] = hn::InterleaveUpper(d, even_lower, odd_lower);
  rows[2] = hn::InterleaveLower(d, even_upper, odd_upper);
  rows[3] = hn::InterleaveUpper(d, even_upper, odd_upper);
}

#endif

// to[c * to_stride + r] = from[r * from_stride + c]
HWY_INLINE void transpose_block(const float* from, std::size_t rows, std::size_t columns,
                                std::size_t from_stride, float* to, std::size_t to_stride) {
  std::size_t turned = 0;  // columns of the first rows
#if HWY_TARGET != HWY_SCALAR
  const FourFloats d;
  const std::size_t whole_rows = rows / 4 * 4;
  for (; turned + 4 <= columns; turned += 4) {
    for (std::size_t r = 0; r < whole_rows; r += 4) {
      hn::Vec<FourFloats> block[4];
      for (std::size_t k = 0; k < 4; ++k) {
        block[k] = hn::LoadU(d, from + (r + k) * from_stride + turned);
      }
      turn(block);
      for (std::size_t k = 0; k < 4; ++k) {
        hn::StoreU(block[k], d, to + (turned + k) * to_stride + r);
      }
    }
  }
#else
  const std::size_t whole_rows = 0;
#endif
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = r < whole_rows ? turned : 0; c < columns; ++c) {
      to[c * to_stride + r] = from[r * from_stride + c];
    }
  }
}

}  // namespace hypnos::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

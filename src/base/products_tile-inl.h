// What the products share, for the target that is being compiled: the width of panels, and tiles of
// a result that stay in registers while their sums grow.

#if defined(HYPNOS_PRODUCTS_TILE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef HYPNOS_PRODUCTS_TILE_INL
#undef HYPNOS_PRODUCTS_TILE_INL
#else
#define HYPNOS_PRODUCTS_TILE_INL
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>

#include "base/fused_multiply_add-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hypnos::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, 16>;
inline constexpr std::size_t lanes = hn::MaxLanes(Floats());

// With 32 registers, tiles are 8 rows of 3 vectors (24 accumulators); with 16, 6 rows of 2.
inline constexpr bool many_registers = lanes == 16 || HWY_ARCH_ARM_A64;
inline constexpr std::size_t panel_vectors = many_registers ? 3 : 2;
inline constexpr std::size_t width = panel_vectors * lanes;

// Floats of a cache line, which one prefetch brings.
inline constexpr std::size_t line = 16;

// Rows of tiles that are narrower than a panel: the accumulators fill the registers again.
constexpr std::size_t tile_rows(std::size_t rows_of_three, std::size_t vectors) {
  return HWY_NATIVE_FMA ? rows_of_three * 3 / vectors : 1;
}
// What is left over is done by lower tiles.
constexpr std::size_t lower(std::size_t rows) {
  if (rows == 6) return 4;
  return rows % 2 == 0 ? rows / 2 : 1;
}

// Accumulators: rows x vectors.
template <std::size_t Rows, std::size_t Vectors, class D = Floats>
struct Tile {
  static constexpr std::size_t step = hn::MaxLanes(D());
  hn::Vec<D> sums[Rows][Vectors];

  // A constructor that the compiler makes would not be one for the target.
  HWY_INLINE Tile() {}

  HWY_INLINE void clear() {
#pragma GCC unroll 64
    for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 64
      for (std::size_t v = 0; v < Vectors; ++v) sums[r][v] = hn::Zero(D());
    }
  }

  // @param from rows of a panel
  HWY_INLINE void load(const float* from) {
#pragma GCC unroll 64
    for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 64
      for (std::size_t v = 0; v < Vectors; ++v) {
        sums[r][v] = hn::Load(D(), from + r * width + v * step);
      }
    }
  }

  HWY_INLINE void store(float* to) const {
#pragma GCC unroll 64
    for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 64
      for (std::size_t v = 0; v < Vectors; ++v) {
        hn::Store(sums[r][v], D(), to + r * width + v * step);
      }
    }
  }

  // sums[r][v] += a[r * RowStride + k * Stride] * b[k * width + v], for ascending k.
  // @param ahead with Fetch, one line from here on is brought into the cache with each k
  template <std::size_t RowStride, std::size_t Stride, bool Fetch>
  HWY_INLINE void multiply_add(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b,
                               std::size_t count, [[maybe_unused]] const float* ahead) {
    const D d;
#pragma GCC unroll 4
    for (std::size_t k = 0; k < count; ++k) {
      if constexpr (Fetch) {
        hwy::Prefetch(ahead);
        ahead += line;
      }
      hn::Vec<D> row[Vectors];
#pragma GCC unroll 64
      for (std::size_t v = 0; v < Vectors; ++v) row[v] = hn::Load(d, b + v * step);
#pragma GCC unroll 64
      for (std::size_t r = 0; r < Rows; ++r) {
        const auto factor = hn::Set(d, a[r * RowStride]);
#pragma GCC unroll 64
        for (std::size_t v = 0; v < Vectors; ++v) {
          sums[r][v] = fused_multiply_add(d, factor, row[v], sums[r][v]);
        }
      }
      a += Stride;
      b += width;
    }
  }

  // The same; the first `fetches` steps (at most `count`) bring lines into the cache.
  template <std::size_t RowStride, std::size_t Stride>
  HWY_INLINE void multiply_add(const float* a, const float* b, std::size_t count,
                               const float* ahead, std::size_t fetches) {
    multiply_add<RowStride, Stride, true>(a, b, fetches, ahead);
    multiply_add<RowStride, Stride, false>(a + fetches * Stride, b + fetches * width,
                                           count - fetches, nullptr);
  }
};

// How many vectors hold the columns of a panel that there are.
inline std::size_t vectors_used(std::size_t columns, std::size_t panel) {
  return (std::min(width, columns - panel * width) + lanes - 1) / lanes;
}

}  // namespace hypnos::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

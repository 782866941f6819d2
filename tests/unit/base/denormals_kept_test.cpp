#include "base/denormals_kept.hpp"

#include <gtest/gtest.h>

#include <limits>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace hypnos {
namespace {

#if defined(__SSE2__)

TEST(DenormalsKept, SetsTheModeAndRestoresIt) {
  const unsigned before = _mm_getcsr();
  _mm_setcsr(before | 0x8040);  // flush to zero, denormals are zeros
  volatile float least = std::numeric_limits<float>::min();
  {
    const DenormalsKept denormals;
    EXPECT_GT(least / 2, 0);
  }
  EXPECT_EQ(least / 2, 0);
  EXPECT_EQ(_mm_getcsr() & 0x8040, 0x8040U);
  _mm_setcsr(before);
}

#endif

}  // namespace
}  // namespace hypnos

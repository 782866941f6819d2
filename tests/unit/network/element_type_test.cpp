#include "network/element_type.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace hypnos {
namespace {

std::string pair_of_bytes(std::uint16_t bits) {
  std::string bytes(2, '\0');
  std::memcpy(bytes.data(), &bits, 2);
  return bytes;
}

float value_of(const char* type, std::uint16_t bits) {
  return to_floats(type, pair_of_bytes(bits)).at(0);
}

TEST(ElementType, HalvesOfIeee754) {
  EXPECT_EQ(value_of("F16", 0x3C00), 1.0F);
  EXPECT_EQ(value_of("F16", 0xC000), -2.0F);
  EXPECT_EQ(value_of("F16", 0x7BFF), 65504.0F);
  EXPECT_EQ(value_of("F16", 0x0001), 0x1p-24F);
  EXPECT_EQ(value_of("F16", 0x3555), 0.333251953125F);
  EXPECT_TRUE(std::isinf(value_of("F16", 0x7C00)));
  EXPECT_TRUE(std::isnan(value_of("F16", 0x7E01)));
}

TEST(ElementType, EveryHalfAndBfloatSurvivesARoundTrip) {
  for (const char* type : {"F16", "BF16"}) {
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
      const std::string bytes = pair_of_bytes(static_cast<std::uint16_t>(bits));
      const auto values = to_floats(type, bytes);
      if (!std::isnan(values[0])) {
        ASSERT_EQ(to_bytes(type, values), bytes) << type << " " << bits;
      }
    }
  }
}

TEST(ElementType, RoundsToNearestTiesToEven) {
  const auto half = [](float v) { return to_floats("F16", to_bytes("F16", std::vector{v})).at(0); };
  EXPECT_EQ(half(1 + 0x1p-11F), 1.0F);             // a tie, down to even
  EXPECT_EQ(half(1 + 3 * 0x1p-11F), 1 + 0x1p-9F);  // a tie, up to even
  EXPECT_EQ(half(1 + 0x1p-11F + 0x1p-20F), 1 + 0x1p-10F);
  EXPECT_EQ(half(2047.9F), 2048.0F);  // a carry into the exponent
  EXPECT_TRUE(std::isinf(half(65520.0F)));
  EXPECT_EQ(half(65519.0F), 65504.0F);
  const auto bfloat = [](float v) {
    return to_floats("BF16", to_bytes("BF16", std::vector{v})).at(0);
  };
  EXPECT_EQ(bfloat(1 + 0x1p-8F), 1.0F);
  EXPECT_EQ(bfloat(1 + 3 * 0x1p-8F), 1 + 0x1p-6F);
}

TEST(ElementType, KnowsSizes) {
  EXPECT_EQ(element_size("F64"), 8U);
  EXPECT_EQ(element_size("BF16"), 2U);
  EXPECT_EQ(element_size("I64"), std::nullopt);
}

}  // namespace
}  // namespace hypnos

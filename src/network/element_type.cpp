#include "network/element_type.hpp"

#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace hypnos {
namespace {

static_assert(std::endian::native == std::endian::little, "model files are little-endian");

float from_half(std::uint16_t half) {
  const float sign = (half & 0x8000U) != 0 ? -1.0F : 1.0F;
  const int exponent = (half >> 10) & 0x1F;
  const auto fraction = static_cast<float>(half & 0x3FFU);
  if (exponent == 31) return fraction == 0 ? sign * HUGE_VALF : std::nanf("");
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024.0F + fraction, exponent - 25);
}

std::uint16_t to_half(float value) {
  const std::uint16_t sign = std::signbit(value) ? 0x8000U : 0U;
  const float magnitude = std::fabs(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>(sign | 0x7E00U);
  if (magnitude >= 65520.0F) return static_cast<std::uint16_t>(sign | 0x7C00U);
  int exponent = -14;
  if (magnitude >= 0x1p-14F) exponent = std::ilogb(magnitude);
  // In units of the last place of a half; nearbyint rounds ties to even.
  const auto units =
      static_cast<std::uint32_t>(std::nearbyint(std::ldexp(magnitude, 10 - exponent)));
  // A carry out of the fraction moves into the exponent by itself.
  const std::uint32_t bits =
      magnitude < 0x1p-14F ? units : (static_cast<std::uint32_t>(exponent + 14) << 10) + units;
  return static_cast<std::uint16_t>(sign | bits);
}

float from_bfloat(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16);
}

std::uint16_t to_bfloat(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>((bits >> 16) | 0x40U);
  return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

template <typename Stored, typename Convert>
std::vector<float> read_as(std::string_view bytes, Convert convert) {
  std::vector<float> values(bytes.size() / sizeof(Stored));
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    values[i] = static_cast<float>(convert(stored));
  }
  return values;
}

template <typename Stored, typename Convert>
std::string write_as(std::span<const float> values, Convert convert) {
  std::string bytes(values.size() * sizeof(Stored), '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Stored stored = convert(values[i]);
    std::memcpy(bytes.data() + i * sizeof(Stored), &stored, sizeof(Stored));
  }
  return bytes;
}

}  // namespace

std::optional<std::size_t> element_size(std::string_view type) {
  if (type == "F64") return 8;
  if (type == "F32") return 4;
  if (type == "F16" || type == "BF16") return 2;
  return std::nullopt;
}

std::vector<float> to_floats(std::string_view type, std::string_view bytes) {
  assert(element_size(type));
  if (type == "F64") return read_as<double>(bytes, [](double v) { return v; });
  if (type == "F32") return read_as<float>(bytes, [](float v) { return v; });
  if (type == "F16") return read_as<std::uint16_t>(bytes, from_half);
  return read_as<std::uint16_t>(bytes, from_bfloat);
}

std::string to_bytes(std::string_view type, std::span<const float> values) {
  assert(element_size(type));
  if (type == "F64") return write_as<double>(values, [](float v) { return double{v}; });
  if (type == "F32") return write_as<float>(values, [](float v) { return v; });
  if (type == "F16") return write_as<std::uint16_t>(values, to_half);
  return write_as<std::uint16_t>(values, to_bfloat);
}

}  // namespace hypnos

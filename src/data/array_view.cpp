#include "data/array_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// IEEE half precision, which C++20 does not have.
struct Half {
  std::uint16_t bits;
};

double to_double(Half half) {
  const int exponent = half.bits >> 10 & 0x1F;
  const int mantissa = half.bits & 0x3FF;
  double value = 0;
  if (exponent == 0x1F) {
    value = mantissa == 0 ? std::numeric_limits<double>::infinity()
                          : std::numeric_limits<double>::quiet_NaN();
  } else if (exponent == 0) {
    value = std::ldexp(mantissa, -24);
  } else {
    value = std::ldexp(mantissa | 0x400, exponent - 25);
  }
  return (half.bits & 0x8000) != 0 ? -value : value;
}

template <typename T>
double to_double(T value) {
  return static_cast<double>(value);
}

template <typename T>
double number_at(const char* bytes, bool swapped) {
  std::array<char, sizeof(T)> raw{};
  std::memcpy(raw.data(), bytes, sizeof(T));
  if (swapped) std::reverse(raw.begin(), raw.end());
  return to_double(std::bit_cast<T>(raw));
}

// The place among all elements of the file of the element that is number i of the row in C order,
// where the first index changes fastest: row + n_0 * (i_1 + n_1 * (i_2 + ...)).
std::size_t fortran_place(const ArrayView& array, std::size_t row, std::size_t i) {
  std::size_t place = 0;
  for (std::size_t d = array.shape.size(); d-- > 1;) {
    place = i % array.shape[d] + array.shape[d] * place;
    i /= array.shape[d];
  }
  return row + array.shape[0] * place;
}

template <typename T>
void read_as(const ArrayView& array, std::size_t row, std::span<double> numbers) {
  const bool swapped = sizeof(T) > 1 && array.endian != std::endian::native;
  const char* bytes = array.bytes.data();
  if (!array.fortran || array.shape.size() < 2) {
    bytes += row * numbers.size() * sizeof(T);
    for (double& number : numbers) {
      number = number_at<T>(bytes, swapped);
      bytes += sizeof(T);
    }
    return;
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = number_at<T>(bytes + fortran_place(array, row, i) * sizeof(T), swapped);
  }
}

}  // namespace

std::size_t size_of(NumberType type) {
  switch (type) {
    case NumberType::boolean:
    case NumberType::u1:
    case NumberType::i1:
      return 1;
    case NumberType::u2:
    case NumberType::i2:
    case NumberType::f2:
      return 2;
    case NumberType::u4:
    case NumberType::i4:
    case NumberType::f4:
      return 4;
    default:
      return 8;
  }
}

bool is_floating(NumberType type) {
  return type == NumberType::f2 || type == NumberType::f4 || type == NumberType::f8;
}

std::size_t ArrayView::elements() const {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

std::size_t ArrayView::row_size() const {
  return shape.empty()
             ? 1
             : std::accumulate(shape.begin() + 1, shape.end(), std::size_t{1}, std::multiplies<>());
}

void read_row(const ArrayView& array, std::size_t row, std::span<double> numbers) {
  assert(row < array.rows() && numbers.size() == array.row_size());
  switch (array.type) {
    case NumberType::boolean:
      read_as<std::uint8_t>(array, row, numbers);
      for (double& number : numbers) number = number != 0 ? 1 : 0;
      return;
    case NumberType::u1:
      return read_as<std::uint8_t>(array, row, numbers);
    case NumberType::i1:
      return read_as<std::int8_t>(array, row, numbers);
    case NumberType::u2:
      return read_as<std::uint16_t>(array, row, numbers);
    case NumberType::i2:
      return read_as<std::int16_t>(array, row, numbers);
    case NumberType::u4:
      return read_as<std::uint32_t>(array, row, numbers);
    case NumberType::i4:
      return read_as<std::int32_t>(array, row, numbers);
    case NumberType::u8:
      return read_as<std::uint64_t>(array, row, numbers);
    case NumberType::i8:
      return read_as<std::int64_t>(array, row, numbers);
    case NumberType::f2:
      return read_as<Half>(array, row, numbers);
    case NumberType::f4:
      return read_as<float>(array, row, numbers);
    case NumberType::f8:
      return read_as<double>(array, row, numbers);
  }
}

std::size_t bytes_of_shape(std::span<const std::size_t> shape, std::size_t element,
                           const std::filesystem::path& path) {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  std::size_t bytes = element;
  for (const std::size_t size : shape) {
    if (size != 0 && bytes > most / size) throw FileError(path, "its shape is too large");
    bytes *= size;
  }
  return bytes;
}

std::string_view array_bytes(std::string_view content, std::size_t header,
                             std::span<const std::size_t> shape, std::size_t element,
                             const std::filesystem::path& path) {
  const std::size_t expected = bytes_of_shape(shape, element, path);
  const std::string_view bytes = content.substr(header);
  if (bytes.size() != expected) {
    throw FileError(path, fmt::format("{}: its header promises {} bytes of data, but it has {}",
                                      bytes.size() < expected ? "is truncated" : "is too long",
                                      expected, bytes.size()));
  }
  return bytes;
}

}  // namespace hypnos

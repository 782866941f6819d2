#pragma once

#include <bit>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "data/number_type.hpp"

namespace hypnos {

/// An array as it lies in the content of a file, in any type and order.
struct ArrayView {
  NumberType type = NumberType::u1;
  std::endian endian = std::endian::native;
  bool fortran = false;  ///< the first index changes fastest
  std::vector<std::size_t> shape = {};
  std::string_view bytes = {};  ///< as many as the shape says; part of the file's content

  std::size_t elements() const;
  std::size_t rows() const { return shape.empty() ? 1 : shape[0]; }  ///< along the first index
  std::size_t row_size() const;                                      ///< numbers of a row
};

/// The numbers of a row, in C order, as double precision; booleans as 0 and 1.
/// @param numbers [row_size]
void read_row(const ArrayView& array, std::size_t row, std::span<double> numbers);

/// What follows the header in the content of a file that holds one array.
/// @param header its bytes
/// @param element bytes of one number
/// @throws FileError when it is not exactly as long as the shape says.
std::string_view array_bytes(std::string_view content, std::size_t header,
                             std::span<const std::size_t> shape, std::size_t element,
                             const std::filesystem::path& path);

/// Bytes of an array of this shape.
/// @throws FileError when there are more than can be counted.
std::size_t bytes_of_shape(std::span<const std::size_t> shape, std::size_t element,
                           const std::filesystem::path& path);

}  // namespace hypnos

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hypnos {

/// An array as NumPy's .npy files hold it: C order, little-endian.
struct NpyArray {
  std::string type;  ///< NumPy's type without byte order: b1, u1, i4, i8, f4, f8, ...
  std::vector<std::size_t> shape;
  std::string bytes;

  std::size_t elements() const;
};

/// Reads format versions 1 to 3.
/// @throws FileError when the file is not an .npy file, is truncated or too long, or holds what
///   is not supported: Fortran order, big-endian numbers, structures, text.
NpyArray read_npy(const std::filesystem::path& path);

/// The values as double precision, whatever their type (booleans as 0 and 1).
std::vector<double> to_doubles(const NpyArray& array);

}  // namespace hypnos

#pragma once

// The header of an .npy file: the text of a Python dictionary, like
//   {'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28), }
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hypnos {

struct NpyHeader {
  std::string descr;  ///< like "<f4"
  bool fortran_order = false;
  std::vector<std::size_t> shape;
};

/// Understands the dictionary, and nothing else.
/// @throws FileError; `path` is named.
NpyHeader parse_npy_header(std::string_view text, const std::filesystem::path& path);

}  // namespace hypnos

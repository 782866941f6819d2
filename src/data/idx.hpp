#pragma once

// The IDX format of MNIST: two zero bytes, a type, the number of dimensions, each dimension as a
// big-endian u32, the data. http://yann.lecun.com/exdb/mnist/

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hypnos {

struct IdxArray {
  std::vector<std::size_t> shape;
  std::string_view bytes;  ///< unsigned bytes, row-major; part of the content it was parsed from
};

/// Takes the (decompressed) content of an IDX file of unsigned bytes apart.
/// @throws FileError when its magic number, dimensions or length are wrong; `path` is named.
IdxArray parse_idx(std::string_view content, const std::filesystem::path& path);

}  // namespace hypnos

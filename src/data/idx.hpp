#pragma once

// The IDX format of MNIST: two zero bytes, a type, the number of dimensions, each dimension as a
// big-endian u32, the data, big-endian too. http://yann.lecun.com/exdb/mnist/

#include <filesystem>
#include <optional>
#include <string_view>

#include "data/array_view.hpp"

namespace hypnos {

/// Takes the (decompressed) content of an IDX file apart.
/// @throws FileError when its magic number, dimensions or length are wrong; `path` is named.
ArrayView parse_idx(std::string_view content, const std::filesystem::path& path);

/// How long an IDX file is that begins like this; nothing if its header is not all there.
/// @throws FileError when it is not an IDX file.
std::optional<std::size_t> idx_length(std::string_view beginning,
                                      const std::filesystem::path& path);

}  // namespace hypnos

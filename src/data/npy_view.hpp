#pragma once

// NumPy's .npy format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

#include <filesystem>
#include <string_view>

#include "data/array_view.hpp"

namespace hypnos {

/// Takes the content of an .npy file apart, of format versions 1 to 3.
/// @throws FileError when it is none, is damaged, or does not hold real numbers; `path` is named.
ArrayView parse_npy(std::string_view content, const std::filesystem::path& path);

}  // namespace hypnos

#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "data/array_view.hpp"

namespace hypnos {

/// Reads class numbers: [n] or [n x 1] whole numbers of any type, or [n x classes] where each row
/// has a single 1 among zeros.
/// @throws FileError naming the sample that has none.
std::vector<std::uint32_t> read_labels(const ArrayView& array, const std::filesystem::path& path);

}  // namespace hypnos

#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "hypnos/progress.hpp"

namespace hypnos {

/// `path` if it exists, else `path` with ".gz" appended if that exists, else an empty path.
std::filesystem::path find_plain_or_gz(const std::filesystem::path& path);

/// The whole content of a file, decompressed when it is gzip (told by its first bytes).
/// @throws FileError when it is missing, cannot be read, or is damaged.
std::string read_bytes(const std::filesystem::path& path, const Progress& progress = {});

/// Decompresses gzip; other bytes are returned as they are. `path` is named in errors.
std::string gunzip(std::string_view bytes, const std::filesystem::path& path,
                   const Progress& progress = {});

/// What follows the header in the content of a file that holds one array.
/// @param header its bytes
/// @param element bytes of one number
/// @throws FileError when it is not exactly as long as the shape says.
std::string_view array_bytes(std::string_view content, std::size_t header,
                             std::span<const std::size_t> shape, std::size_t element,
                             const std::filesystem::path& path);

}  // namespace hypnos

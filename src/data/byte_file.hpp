#pragma once

#include <filesystem>
#include <string>

namespace hypnos {

/// `path` if it exists, else `path` with ".gz" appended if that exists, else an empty path.
std::filesystem::path find_plain_or_gz(const std::filesystem::path& path);

/// The whole content of a file, decompressed when it is gzip (told by its first bytes).
/// @throws FileError when it is missing, cannot be read, or is damaged.
std::string read_bytes(const std::filesystem::path& path);

/// Decompresses gzip; other bytes are returned as they are. `path` is named in errors.
std::string gunzip(std::string_view bytes, const std::filesystem::path& path);

}  // namespace hypnos

#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "hypnos/progress.hpp"

namespace hypnos {

/// Whether these are the bytes of a gzip file.
bool is_gzip(std::string_view bytes);

/// How long the plain content is that begins like this; nothing while that cannot be told.
using LengthOf = std::function<std::optional<std::size_t>(std::string_view beginning)>;

/// Decompresses gzip, of one member or several that follow each other. A few bytes can stand for
/// many, so no more is made than `length_of` says, plus one byte by which it is seen to be too
/// long.
/// @param path named in errors
/// @throws FileError when it is damaged or truncated, or longer than a gzip file of this size can
///   be; Stopped.
std::string gunzip(std::string_view bytes, const LengthOf& length_of,
                   const std::filesystem::path& path, const Progress& progress = {});

/// Decompresses the raw deflate stream of an entry of a ZIP file.
/// @param size of the plain content
/// @throws FileError unless it has exactly that size; Stopped.
std::string inflate_raw(std::string_view bytes, std::size_t size, const std::filesystem::path& path,
                        const Progress& progress = {});

}  // namespace hypnos

#pragma once

// Nothing is written half: bytes go to a temporary file beside the target, which is then renamed.

#include <filesystem>
#include <string_view>

namespace hypnos {

/// Writes `content` to `target`, replacing what was there in one step. A symbolic link is followed,
/// and permissions stay; a device or pipe is written to as it is.
/// @throws SystemError when it cannot be written; the target is then as it was.
void write_file(const std::filesystem::path& target, std::string_view content);

/// Says early, before long work, whether `target` can be written.
/// @throws FileError when its folder does not exist or cannot be written, or it is a folder
///   or write-protected.
void check_writable(const std::filesystem::path& target);

}  // namespace hypnos

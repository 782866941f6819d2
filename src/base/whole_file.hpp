#pragma once

#include <filesystem>
#include <string>

namespace hypnos {

/// The whole content of a file or pipe.
/// @throws FileError when there is none, it is a folder or a device, or it cannot be read.
std::string read_file(const std::filesystem::path& path);

}  // namespace hypnos

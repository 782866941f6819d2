#pragma once

// Two names can be one file: by links, by "..", or by a folder that has two names.

#include <filesystem>

namespace hypnos {

/// Where the name leads in the end: symbolic links are followed, also where nothing is there yet.
/// @throws FileError when links lead round in a circle.
std::filesystem::path follow_links(const std::filesystem::path& path);

/// Whether both names are one file, now or once it is written. Devices and pipes are never the
/// same: they lose nothing when they are written to twice.
bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace hypnos

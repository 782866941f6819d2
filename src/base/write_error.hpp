#pragma once

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "hypnos/error.hpp"

namespace hypnos {

/// The error of a file that cannot be written.
/// @param reason errno
inline SystemError write_error(const std::filesystem::path& path, int reason = errno) {
  return SystemError(path.string() + ": cannot be written: " + std::strerror(reason));
}

}  // namespace hypnos

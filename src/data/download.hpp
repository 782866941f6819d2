#pragma once

#include <cstddef>
#include <string>

#include "hypnos/progress.hpp"

namespace hypnos {

/// The bytes behind a URL: https, or a file of this machine. Redirects lead to https alone.
/// @param most bytes; a server that sends more is not sending what was asked for
/// @throws SystemError with what the server or the network answered, or when it takes more than 20
///   minutes; Stopped.
std::string download(const std::string& url, std::size_t most, const Progress& progress = {});

}  // namespace hypnos

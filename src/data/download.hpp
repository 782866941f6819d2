#pragma once

#include <string>

#include "hypnos/progress.hpp"

namespace hypnos {

/// The bytes behind a URL (http, https, file).
/// @throws SystemError with what the server or the network answered; Stopped.
std::string download(const std::string& url, const Progress& progress = {});

}  // namespace hypnos

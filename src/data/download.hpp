#pragma once

#include <functional>
#include <string>

namespace hypnos {

/// Told the bytes so far and all bytes (0: not known); false stops the download.
using TransferProgress = std::function<bool(double done, double total)>;

/// The bytes behind a URL (http, https, file).
/// @throws SystemError with what the server or the network answered.
std::string download(const std::string& url, const TransferProgress& progress);

}  // namespace hypnos

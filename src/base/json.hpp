#pragma once

#include <string>

#include "hypnos/json.hpp"

namespace hypnos {

/// JSON as one line. Bytes that are not UTF-8 (a path may have such) are replaced.
std::string text_of(const Json& json);

}  // namespace hypnos

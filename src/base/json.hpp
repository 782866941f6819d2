#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace hypnos {

/// Objects keep the order in which their members were added.
using Json = nlohmann::ordered_json;

/// JSON as one line. Bytes that are not UTF-8 (a path may have such) are replaced.
std::string text_of(const Json& json);

}  // namespace hypnos

#pragma once

#include <nlohmann/json.hpp>

namespace hypnos {

/// Objects keep the order in which their members were added.
using Json = nlohmann::ordered_json;

}  // namespace hypnos

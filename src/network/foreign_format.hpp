#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hypnos {

/// What a file is that is not a safetensors file but holds networks too, by its first bytes, and
/// how to convert it: "is ...; ...". Nothing for all others.
std::optional<std::string> foreign_format(std::string_view content);

}  // namespace hypnos

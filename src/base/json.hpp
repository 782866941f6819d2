#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hypnos/json.hpp"

namespace hypnos {

/// JSON as one line. Bytes that are not UTF-8 (a path may have such) are replaced.
std::string text_of(const Json& json);

/// How deep lists and objects may lie within each other in what is read. Values that are nested
/// without end take the stack when they are copied, compared or written.
inline constexpr int deepest_json = 100;

/// Whether the text is nested deeper.
bool is_too_deep(std::string_view text);

/// The value of a text from outside; nothing when it is not JSON, or nested too deep.
std::optional<Json> parse_json(std::string_view text);

}  // namespace hypnos

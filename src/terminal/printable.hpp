#pragma once

#include <string>
#include <string_view>

namespace hypnos {

/// Text from outside (names, paths, metadata) as it may go to a terminal, on one line: characters
/// that would steer the terminal or turn the direction of writing become escapes like \x1b, and so
/// do bytes that are not UTF-8.
std::string printable(std::string_view text);

}  // namespace hypnos

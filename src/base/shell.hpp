#pragma once

// Text from outside in commands that people copy into a shell: all of it goes through here.

#include <string>
#include <string_view>

namespace hypnos {

/// The text as one word of a command, quoted where it takes that. Control characters, which a
/// terminal would act on, become escapes.
std::string shell_word(std::string_view text);

/// An option and its value, as words of a command. A value that looks like an option stays a value.
std::string shell_option(std::string_view flag, std::string_view value);

/// The command, with its end of line, that writes the text into a file. Nothing in the text can end
/// it early.
std::string shell_file(std::string_view file, std::string text);

}  // namespace hypnos

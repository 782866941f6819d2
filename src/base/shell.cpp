#include "base/shell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace hypnos {
namespace {

bool is_control(unsigned char c) {
  return c < 0x20 || c == 0x7f;
}

// Whether a terminal would act on something in the text: control characters of ASCII but those that
// are allowed, and those of Latin-1, which are 0xc2 and 0x80 to 0x9f in UTF-8.
bool has_controls(std::string_view text, std::string_view allowed) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (is_control(c) && allowed.find(text[i]) == std::string_view::npos) return true;
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : ' ');
    if (c == 0xc2 && next >= 0x80 && next <= 0x9f) return true;
  }
  return false;
}

// In the form $'...', in which all that means anything to anybody is a number.
std::string with_escapes(std::string_view text) {
  std::string word = "$'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_control(byte) || byte >= 0x7f || c == '\'' || c == '\\' || c == '!') {
      word += fmt::format("\\x{:02x}", byte);
    } else {
      word += c;
    }
  }
  return word + "'";
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (has_controls(text, "")) return with_escapes(text);
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c < 0x80 && std::isalnum(c) != 0) ||
           std::string_view("-_=.,/+:").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string shell_option(std::string_view flag, std::string_view value) {
  if (value.starts_with('-')) return shell_word(fmt::format("{}={}", flag, value));
  return fmt::format("{} {}", flag, shell_word(value));
}

std::string shell_file(std::string_view file, std::string text) {
  if (!text.ends_with('\n')) text += '\n';
  if (has_controls(text, "\n\t")) {
    return fmt::format("printf %s {} > {}\n", shell_word(text), shell_word(file));
  }
  std::string end = "END";
  while (text.find(end) != std::string::npos) end += '_';
  return fmt::format("cat > {} <<'{}'\n{}{}\n", shell_word(file), end, text, end);
}

}  // namespace hypnos

#include "terminal/printable.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace hypnos {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;  // 0: not UTF-8
};

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char head = byte(0);
  if (head < 0x80) return {.code = head, .bytes = 1};
  const std::size_t bytes = head >= 0xF0 ? 4 : head >= 0xE0 ? 3 : 2;
  if (head < 0xC2 || head > 0xF4 || text.size() < bytes) return {};
  std::uint32_t code = head & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = code << 6 | (byte(i) & 0x3FU);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < least[bytes] || code > 0x10FFFF) return {};
  return {.code = code, .bytes = bytes};
}

bool is_harmless(std::uint32_t code) {
  const auto within = [&](std::uint32_t low, std::uint32_t high) {
    return code >= low && code <= high;
  };
  const bool control = code < 0x20 || within(0x7F, 0x9F);
  const bool line_or_direction =
      within(0x2028, 0x202E) || within(0x2066, 0x2069) || within(0x200E, 0x200F) || code == 0x61C;
  return !control && !line_or_direction && !within(0xD800, 0xDFFF);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const Character next = first_character(text);
    if (next.bytes == 0) {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    } else if (is_harmless(next.code)) {
      shown += text.substr(0, next.bytes);
    } else if (next.code == '\n') {
      shown += "\\n";
    } else {
      shown += next.code < 0x100 ? fmt::format("\\x{:02x}", next.code)
                                 : fmt::format("\\u{:04x}", next.code);
    }
    text.remove_prefix(next.bytes == 0 ? 1 : next.bytes);
  }
  return shown;
}

}  // namespace hypnos

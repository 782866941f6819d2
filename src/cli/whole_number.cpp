#include "cli/whole_number.hpp"

#include <fmt/format.h>

#include <charconv>

namespace hypnos::cli {

CLI::Validator whole_number(std::uint64_t low, std::uint64_t high) {
  const auto check = [low, high](const std::string& text) -> std::string {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    if (whole && number >= low && number <= high) return {};
    return fmt::format("\"{}\" is not a whole number from {} to {}", text, low, high);
  };
  const std::string range =
      high == largest_number ? fmt::format("{} or more", low) : fmt::format("{} to {}", low, high);
  return {check, range};
}

CLI::Validator positive_count() {
  constexpr std::uint64_t most = 1'000'000'000;
  return whole_number(1, most);
}

}  // namespace hypnos::cli

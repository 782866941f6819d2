#include "data/keep.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <string_view>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

template <typename Number>
bool parse(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

constexpr std::uint32_t largest_class = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::map<std::uint32_t, double> parse_keep(const std::vector<std::string>& items) {
  std::map<std::uint32_t, double> keep;
  for (const std::string& item : items) {
    const std::size_t equals = item.find('=');
    std::uint64_t label = 0;
    double fraction = 0;
    if (equals == std::string::npos || !parse(std::string_view(item).substr(0, equals), label) ||
        !parse(std::string_view(item).substr(equals + 1), fraction)) {
      throw ParameterError("keep", fmt::format("\"{}\" is not of the form CLASS=FRACTION", item));
    }
    if (label > largest_class) {
      throw ParameterError("keep", fmt::format("there is no class {}", label));
    }
    if (!keep.emplace(static_cast<std::uint32_t>(label), fraction).second) {
      throw ParameterError("keep", fmt::format("names class {} twice", label));
    }
  }
  return keep;
}

}  // namespace hypnos

#include "data/normalization_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <vector>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// The finite numbers between commas; nothing if there is something else.
std::vector<double> numbers_in(std::string_view text) {
  std::vector<double> numbers;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    double number = 0;
    const std::string_view word = text.substr(0, comma);
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool whole = error == std::errc() && end == word.data() + word.size();
    if (!whole || !std::isfinite(number)) return {};
    numbers.push_back(number);
    if (comma == text.size()) return numbers;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

Normalization parse_normalization(const std::string& text) {
  if (text == "none") return {};
  if (text == "standardize") return {.standardize = true};
  const std::vector<double> numbers = numbers_in(text);
  const std::size_t half = numbers.size() / 2;
  Normalization read;
  read.means.assign(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(half));
  read.deviations.assign(numbers.begin() + static_cast<std::ptrdiff_t>(half), numbers.end());
  const bool positive = std::all_of(read.deviations.begin(), read.deviations.end(),
                                    [](double deviation) { return deviation > 0; });
  if (half == 0 || numbers.size() % 2 != 0 || !positive) {
    throw ParameterError("normalize",
                         fmt::format("\"{}\" is neither MEAN,STD with a positive STD, nor as many "
                                     "means and then as many STDs as there are channels, nor "
                                     "standardize or none",
                                     text));
  }
  return read;
}

}  // namespace hypnos

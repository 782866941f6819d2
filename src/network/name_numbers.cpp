#include "network/name_numbers.hpp"

#include <algorithm>

namespace hypnos {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

NumberedName split_numbers(const std::string& name) {
  NumberedName split;
  for (std::size_t i = 0; i < name.size();) {
    if (!is_digit(name[i])) {
      split.text += name[i++];
      continue;
    }
    std::size_t end = i;
    while (end < name.size() && is_digit(name[end])) ++end;
    while (i + 1 < end && name[i] == '0') ++i;
    split.text += '#';
    split.numbers.push_back(name.substr(i, end - i));
    i = end;
  }
  return split;
}

bool numbers_less(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](const std::string& x, const std::string& y) {
                                        return x.size() != y.size() ? x.size() < y.size() : x < y;
                                      });
}

}  // namespace hypnos

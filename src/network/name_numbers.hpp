#pragma once

#include <string>
#include <vector>

namespace hypnos {

/// A name as text and numbers: "layers.12.fc" is the text "layers.#.fc" with the number 12.
struct NumberedName {
  std::string text;
  std::vector<std::string> numbers;  ///< their digits, without zeros in front
};

NumberedName split_numbers(const std::string& name);

/// Whether the first numbers come before the others: 2 before 10.
bool numbers_less(const std::vector<std::string>& a, const std::vector<std::string>& b);

}  // namespace hypnos

#pragma once

// Files of arrays, made byte by byte.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hypnos::test {

/// An .npy file.
/// @param type as in its header, like "<f4"
std::string npy(std::string_view type, std::string_view shape, std::string_view data,
                std::string_view fortran_order = "False");

/// The bytes of numbers as this machine has them.
template <typename Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

std::string gzip(std::string_view plain);

/// A ZIP file of these entries, name and content.
std::string zip(const std::vector<std::pair<std::string, std::string>>& entries, bool deflated);

}  // namespace hypnos::test

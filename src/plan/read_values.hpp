#pragma once

// Reads single values of a plan. False when a value does not fit; what was read before stays then.

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/toml.hpp"
#include "hypnos/names.hpp"

namespace hypnos {

inline bool read_text(const toml::node& node, std::string& text) {
  const auto value = node.value_exact<std::string>();
  if (value) text = *value;
  return value.has_value() && !text.empty();
}

template <typename Number>
bool read_number(const toml::node& node, Number& number, double low, double high) {
  const double value = node.is_number() ? node.value_or(0.0) : std::nan("");
  if (!(value >= low && value <= high)) return false;
  number = value;
  return true;
}

template <typename Count>
bool read_count(const toml::node& node, Count& count, std::int64_t low = 0) {
  const auto value = node.value_exact<std::int64_t>();
  if (!value || *value < low) return false;
  count = static_cast<Count>(*value);
  return true;
}

template <typename Count>
bool read_counts(const toml::node& node, std::vector<Count>& counts) {
  if (!node.is_array() || node.as_array()->empty()) return false;
  std::vector<Count> read;
  for (const toml::node& count : *node.as_array()) {
    if (!read_count(count, read.emplace_back(), 1)) return false;
  }
  counts = std::move(read);
  return true;
}

/// The name of an enumerator.
template <typename Choice>
bool read_named(const toml::node& node, Choice& choice) {
  const auto found = named<Choice>(node.value_or(std::string()));
  if (found) choice = *found;
  return found.has_value();
}

}  // namespace hypnos

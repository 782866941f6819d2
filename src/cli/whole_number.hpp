#pragma once

// What options take that say how many, or are seeds.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>

namespace hypnos::cli {

inline constexpr std::uint64_t largest_number = std::numeric_limits<std::uint64_t>::max();

/// Takes whole numbers from low to high, in digits; says so of anything else.
CLI::Validator whole_number(std::uint64_t low, std::uint64_t high);

/// Of an option that says how many.
CLI::Validator positive_count();

}  // namespace hypnos::cli

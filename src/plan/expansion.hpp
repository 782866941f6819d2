#pragma once

// Turns one table of a plan into the trials that it stands for: lists cross-multiply.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/toml.hpp"
#include "plan/plan_keys.hpp"

namespace hypnos {

/// A plan with more would take memory and time without end before it begins.
inline constexpr std::size_t most_trials = 100'000;

[[noreturn]] void throw_too_many();

/// Gives one for each combination of the table's values. The first key of plan_keys() changes
/// slowest.
/// @throws ParameterError naming the key that is not known or has a wrong value; InputError when
///   there are more than a plan can have.
std::vector<Choices> expand(const toml::table& table);

/// The seeds that each combination is tried with. The key `seeds` is a list of them, or their
/// number from `first_seed` on.
std::vector<std::uint64_t> seeds_of(const toml::table& table);

}  // namespace hypnos

#pragma once

// Lists cross-multiply: from one table of a plan to the trials that it stands for.

#include <toml++/toml.h>

#include <cstdint>
#include <vector>

#include "study/plan_keys.hpp"

namespace hypnos {

/// One for each combination of the table's values, the first key of plan_keys() changing slowest.
/// @throws ParameterError naming the key that is not known or has a wrong value.
std::vector<Choices> expand(const toml::table& table);

/// The seeds that each combination is tried with: `seeds` is how many, from `first_seed` on, or a
/// list.
std::vector<std::uint64_t> seeds_of(const toml::table& table);

}  // namespace hypnos

#pragma once

// The options that choose data, the same for every verb.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hypnos/recipe.hpp"

namespace hypnos::cli {

struct DataChoice {
  std::string data;  ///< empty: as the model remembers
  std::optional<double> fraction;
  std::optional<std::size_t> per_class;
  std::vector<std::string> keep;  ///< CLASS=FRACTION
  std::optional<std::uint64_t> seed;
};

/// Adds --data, --fraction, --per-class, --keep and --seed.
void add_data_options(CLI::App& verb, DataChoice& choice);

/// Makes what was chosen part of the recipe: data and subset as given, or else as the recipe
/// has them. Other data, --fraction or --per-class choose a new subset, drawn by --seed; --keep
/// alone thins out the one that the recipe has. --seed becomes the recipe's seed in any case.
/// @throws InputError when there is neither.
void apply(const DataChoice& choice, Recipe& recipe);

}  // namespace hypnos::cli

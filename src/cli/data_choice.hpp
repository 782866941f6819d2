#pragma once

// The options that choose data, the same for every verb.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/data_reading_choice.hpp"
#include "hypnos/recipe.hpp"

namespace hypnos::cli {

struct DataChoice {
  std::string data;  ///< empty: as the model remembers
  std::optional<double> fraction;
  std::optional<std::size_t> per_class;
  std::vector<std::string> keep;  ///< CLASS=FRACTION
  std::optional<std::uint64_t> seed;
  DataReadingChoice reading;
  bool accept_changed = false;  ///< goes on although the data are not what the model remembers
};

/// Adds --data, --fraction, --per-class, --keep, --seed, how data are read, and --data-changed.
void add_data_options(CLI::App& verb, DataChoice& choice);

/// Makes what was chosen part of the recipe: data and subset as given, or else as the recipe
/// has them. Other data, --fraction or --per-class choose a new subset, drawn by --seed; --keep
/// alone thins out the one that the recipe has. --seed becomes the recipe's seed in any case. How
/// data are read, and what they were, is forgotten where other data are chosen.
/// @throws InputError when there is neither.
void apply(const DataChoice& choice, Recipe& recipe);

}  // namespace hypnos::cli

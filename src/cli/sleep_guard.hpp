#pragma once

// hypnos sleep --guard: sleep only if samples kept aside show that it helps.

#include <CLI/CLI.hpp>
#include <string>

#include "hypnos/guard.hpp"
#include "hypnos/network.hpp"
#include "training/recipe.hpp"

namespace hypnos::cli {

struct GuardChoice {
  std::string mode = "off";  ///< or "holdout", "folds"
  std::size_t folds = 5;
  std::string holdout;  ///< data; empty: a fold
};

void add_guard_options(CLI::App& verb, GuardChoice& choice);

/// Judges the sleep by samples that the judged networks were not trained on.
/// @pre choice.mode != "off"
Verdict judge(const GuardChoice& choice, const Network& network, const Recipe& recipe,
              const SleepParameters& parameters, const Dataset& training);

/// For a person.
std::string describe(const Verdict& verdict);

Json to_json(const Verdict& verdict);

}  // namespace hypnos::cli

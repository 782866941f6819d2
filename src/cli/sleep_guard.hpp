#pragma once

// hypnos sleep --guard: sleep only if samples kept aside show that it helps.

#include <CLI/CLI.hpp>
#include <string>

#include "cli/judging_choice.hpp"
#include "hypnos/guard.hpp"
#include "hypnos/stages.hpp"

namespace hypnos::cli {

struct GuardChoice {
  std::string mode = "off";  ///< or "holdout", "folds"
  std::size_t folds = 5;
  std::string holdout;  ///< data; empty: a fold
  JudgingChoice judging;
};

void add_guard_options(CLI::App& verb, GuardChoice& choice);

/// What the guard found, and by what.
struct Judged {
  Verdict verdict;
  GuardNote note;
};

/// Judges the sleep by samples that the judging networks were not trained on, with a progress bar.
/// @param data the samples that the network was trained on
/// @pre choice.mode != "off"
Judged judge(const GuardChoice& choice, const TrainedNetwork& trained,
             const SleepParameters& parameters, const Dataset& data);

/// For a person.
std::string describe(const Judged& judged);

}  // namespace hypnos::cli

#pragma once

// By what hypnos tune and the guard judge a network.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hypnos/distortion.hpp"
#include "hypnos/objective.hpp"
#include "hypnos/recipe.hpp"
#include "hypnos/training_options.hpp"
#include "hypnos/tuning.hpp"

namespace hypnos::cli {

struct JudgingChoice {
  std::string objective = "accuracy";
  std::string distort;  ///< empty: samples as they are
  std::string moment = "awake";
  std::uint64_t moment_updates = 0;
  std::optional<double> moment_learning_rate;
};

/// What was chosen.
struct Judgement {
  Objective objective;
  std::vector<Distortion> distortions;
  Moment moment = Moment::awake;
  TrainingOptions further = {};  ///< with Moment::tuned
};

/// @return the options' names
std::vector<std::string> add_judging_options(CLI::App& verb, JudgingChoice& choice);

/// @throws InputError when parts of it do not go together; JudgesError.
Judgement apply(const JudgingChoice& choice, const Recipe& recipe);

/// Names of all distortions, for help.
std::string distortion_help();

}  // namespace hypnos::cli

#pragma once

// The options that choose how to train, shared by train and finetune, and the running of it.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hypnos/dataset.hpp"
#include "training/recipe.hpp"

namespace hypnos::cli {

struct TrainingChoice {
  std::optional<std::uint64_t> epochs;
  std::optional<double> learning_rate;
  std::optional<std::string> schedule;
  std::optional<double> momentum;
  std::optional<std::size_t> batch_size;
  std::optional<std::string> optimizer;
  std::optional<double> weight_decay;
  std::optional<std::string> class_balance;
  std::optional<double> augment_shift;
  std::optional<double> augment_rotation;
  int threads = 1;
};

void add_training_options(CLI::App& verb, TrainingChoice& choice);

/// The options with what was chosen put over them.
TrainingOptions apply(const TrainingChoice& choice, TrainingOptions options);

/// Trains with a progress bar. When interrupted, the model so far goes to OUTPUT.interrupted.
/// The recipe's history gains the stage; the model is written to `output`.
/// @return what --json prints
Json train_and_write(const std::string& stage, Model& model, Recipe recipe, const Dataset& data,
                     const TrainingOptions& options, std::uint64_t seed, const std::string& output);

}  // namespace hypnos::cli

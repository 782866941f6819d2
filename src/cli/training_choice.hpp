#pragma once

// The options that choose how to train, shared by train and finetune, and what both do at the end.

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <string>

#include "base/json.hpp"
#include "hypnos/dataset.hpp"
#include "hypnos/recipe.hpp"
#include "hypnos/training.hpp"

namespace hypnos::cli {

struct TrainingChoice {
  std::map<std::string, std::string> values;  ///< by the option's name; empty: not given
  unsigned threads = 1;
};

/// Adds the training options, and --threads.
/// @param of_network also those that belong to the network and cannot change once it is made
void add_training_options(CLI::App& verb, TrainingChoice& choice, bool of_network);

/// The options with what was chosen put over them.
TrainingOptions apply(const TrainingChoice& choice, const TrainingOptions& options);

/// Trains, with a progress bar, and writes the model: to `output`, or when it was interrupted or a
/// stage after the first could not be done, as far as it came, to OUTPUT.interrupted.
/// @param stage "train" or "finetune", for the progress bar
/// @param train what trains the network
/// @return what --json prints
/// @throws Stopped when it was interrupted.
Json train_and_write(const std::string& stage, Model model, Recipe recipe, const Dataset& data,
                     const std::function<void(TrainedNetwork&, const Execution&)>& train,
                     unsigned threads, const std::string& output);

}  // namespace hypnos::cli

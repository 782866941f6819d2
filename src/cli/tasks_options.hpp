#pragma once

// What hypnos tasks is told.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/data_reading_choice.hpp"
#include "cli/training_choice.hpp"
#include "hypnos/sequence_options.hpp"

namespace hypnos::cli {

struct TasksOptions {
  std::vector<std::string> data;  ///< one that is divided, or one for each task
  DataReadingChoice reading;
  std::string tasks;  ///< "pairs", ... or "0,1/2,3"
  std::string order = "fixed";
  std::optional<std::size_t> samples;
  std::optional<double> fraction;
  std::string learner;  ///< empty: sleep where there are parameters, sequential otherwise
  std::string protocol = "authors";
  std::vector<std::size_t> hidden = {1200, 1200};
  TrainingChoice training;
  std::string parameters;
  std::vector<std::string> settings;
  std::string sleep_when = "each";
  std::string calibration = "running";
  bool no_waking = false;
  std::size_t memory = 0;
  std::string replay = "balanced";
  double replay_fraction = 0;
  std::string exemplars = "herding";
  double ewc_strength = 100;
  std::optional<double> later_learning_rate;
  bool new_momentum = false;
  std::uint64_t seed = 1;
  std::string keep;  ///< folder
  std::string output;
  bool json = false;
};

void add_tasks_options(CLI::App& verb, TasksOptions& options);

/// The options of the sequence.
/// @throws ParameterError
SequenceOptions sequence_options(const TasksOptions& options);

}  // namespace hypnos::cli

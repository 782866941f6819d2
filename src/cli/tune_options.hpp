#pragma once

// What hypnos tune is told.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/data_choice.hpp"
#include "cli/judging_choice.hpp"
#include "cli/reading_choice.hpp"
#include "terminal/watch.hpp"

namespace hypnos::cli {

struct TuneOptions {
  std::string model;
  std::string tasks;  ///< a plan of tasks in sequence, instead of a model
  std::vector<std::string> plan_settings;
  ReadingChoice reading;
  DataChoice data;
  std::string on = "folds";
  std::size_t folds = 5;
  std::vector<std::uint64_t> seeds;
  std::optional<std::uint64_t> epochs;
  std::string search = "cma-es";
  std::string firing = "rate";
  std::string start;
  std::vector<std::string> settings;
  std::uint64_t budget = 1000;
  std::uint64_t noise_seeds = 2;
  std::uint64_t search_seed = 1;
  std::uint64_t max_steps = 6000;
  std::size_t samples = 1000;
  unsigned threads = all_threads();
  bool cautious = false;
  std::vector<double> doses = {1};
  JudgingChoice judging;
  std::string output;
  bool json = false;
};

void add_tune_options(CLI::App& verb, TuneOptions& options);

}  // namespace hypnos::cli

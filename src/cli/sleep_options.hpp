#pragma once

// What hypnos sleep is told.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/data_choice.hpp"
#include "cli/reading_choice.hpp"
#include "cli/sleep_guard.hpp"

namespace hypnos::cli {

struct SleepOptions {
  std::string model;
  ReadingChoice reading;
  DataChoice data;
  std::string parameters;
  std::vector<std::string> settings;
  std::string input_spikes;
  std::string record;
  std::uint64_t record_steps = 1000;
  std::string trace;
  std::uint64_t trace_steps = 100;
  GuardChoice guard;
  std::string report;
  std::string output;
  bool json = false;
};

void add_sleep_options(CLI::App& verb, SleepOptions& options);

}  // namespace hypnos::cli

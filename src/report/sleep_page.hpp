#pragma once

// hypnos sleep --report: the page of one sleep.

#include <optional>
#include <string>

#include "hypnos/metrics.hpp"
#include "hypnos/network.hpp"
#include "hypnos/recipe.hpp"
#include "hypnos/sleep.hpp"
#include "report/recording_data.hpp"

namespace hypnos {

/// What the page shows.
struct SleepPage {
  std::string file;     ///< to write
  std::string program;  ///< its version
  std::string command;  ///< the program's call
  std::string model;    ///< the file that was put to sleep
  Network before = {};
  std::string parameters = {};                 ///< TOML
  std::optional<double> training_before = {};  ///< accuracy
  std::optional<double> training_after = {};
  std::uint64_t samples = 0;  ///< trained on
  Json guard = {};            ///< its verdict, or null
  std::optional<Recording> recording = {};
};

/// Measures both networks on the test half of the recipe's data, if it has one, and writes the
/// page.
/// @param after, report null when the guard did not let it sleep
void write_sleep_page(const SleepPage& page, const Recipe& recipe, const Network* after,
                      const SleepReport* report);

}  // namespace hypnos

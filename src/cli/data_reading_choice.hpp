#pragma once

// The options that say how data files are read where that can be doubted.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "hypnos/data_reading.hpp"

namespace hypnos::cli {

struct DataReadingChoice {
  std::string layout;
  std::string range;
  std::optional<std::uint32_t> first_label;
  std::string normalize;
};

/// Adds --layout, --range and --first-label.
void add_data_reading_options(CLI::App& verb, DataReadingChoice& choice);

/// Adds --normalize.
void add_normalize_option(CLI::App& verb, DataReadingChoice& choice);

/// Replaces what was chosen.
/// @throws ParameterError when --normalize cannot be understood.
void apply(const DataReadingChoice& choice, DataReading& reading);

}  // namespace hypnos::cli

#pragma once

// Parameter sets that the program carries: the files of presets/.

#include <string>
#include <vector>

#include "hypnos/sleep_parameters.hpp"

namespace hypnos::cli {

struct Preset {
  std::string name;
  std::string text;  ///< TOML
};

const std::vector<Preset>& presets();

/// The presets' names, comma-separated.
std::string preset_names();

/// Reads a parameter file, or the preset of that name if there is no such file.
SleepParameters read_parameters(const std::string& file_or_preset);

}  // namespace hypnos::cli

#pragma once

// From the words of a plan to all that determines a trial.

#include <filesystem>
#include <functional>
#include <string>

#include "study/data_sets.hpp"
#include "study/plan_keys.hpp"

namespace hypnos {

/// Reads sleep parameters by the name of a preset or the path of a file.
using ParameterSource = std::function<SleepParameters(const std::string& file_or_preset)>;

/// What it takes beside the plan's words.
struct Surroundings {
  std::filesystem::path folder;  ///< of the plan: paths are looked for there first
  ParameterSource parameters;
  DataSets& data;  ///< for the checksums of folders
};

/// The trial of these choices, with seed 1.
/// @throws ParameterError naming the key that cannot be resolved.
Trial resolve(Choices choices, const Surroundings& surroundings);

}  // namespace hypnos

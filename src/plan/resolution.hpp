#pragma once

// Turns the words of a plan into all that determines a trial.

#include <filesystem>
#include <functional>
#include <string>

#include "hypnos/plan.hpp"
#include "plan/plan_keys.hpp"

namespace hypnos {

/// What this takes beside the words of the plan.
struct Surroundings {
  std::filesystem::path folder;  ///< of the plan: paths are looked for there first
  ParameterSource parameters;
  /// The lasting name of the data that a key of the plan names.
  std::function<std::string(const char* key, const std::string& name)> data;
  /// Of the content of folders and files; empty for named data.
  std::function<std::string(const std::string& data, const DataReading& reading)> checksum;
};

/// The name of named data, or the full path of a folder or file, which is looked for in the plan's
/// folder first.
/// @throws ParameterError naming the key when it is neither.
std::string find_data(const char* key, const std::string& name,
                      const std::filesystem::path& folder);

/// The name of the sleep parameters, with {data} and {percent} filled in.
/// @throws ParameterError
std::string fill_in(const Choices& choices);

/// The sleep parameters of that name, with what was set of them.
/// @throws ParameterError
SleepParameters read_sleep(const Choices& choices, const Surroundings& surroundings);

/// The trial of these choices, with seed 1.
/// @throws ParameterError naming the key that cannot be resolved.
Trial resolve(Choices choices, const Surroundings& surroundings);

}  // namespace hypnos

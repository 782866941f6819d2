#pragma once

// A plan: a TOML file that says what a study answers and which trials it takes.

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "hypnos/data_sets.hpp"
#include "hypnos/trial.hpp"

namespace hypnos {

struct Plan {
  std::string name;            ///< of the file, without folder and extension
  std::filesystem::path file;  ///< with its folder, in full
  std::string answers;         ///< the sentence or figure that the study is about
  std::string text;            ///< the plan as TOML, settings included
  std::vector<Trial> trials;   ///< each once, in the plan's order
};

/// Reads sleep parameters by the name of a preset or the path of a file.
using ParameterSource = std::function<SleepParameters(const std::string& file_or_preset)>;

/// Reads a plan. Most keys take a value or a list of values; lists cross-multiply. Each table
/// [[variant]] is the plan with some keys replaced; the study is all of them together.
/// docs/studies.md has the keys.
/// @param settings each "key=value", replaces a key in the plan and in all variants
/// @param data is asked for the checksums of folders
/// @throws FileError naming the plan and the key.
Plan read_plan(const std::filesystem::path& path, std::span<const std::string> settings,
               const ParameterSource& parameters, DataSets& data);

}  // namespace hypnos

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "hypnos/error.hpp"
#include "hypnos/sleep_parameters.hpp"

namespace hypnos {

/// A parameter set that is part of the library: a file of presets/.
struct Preset {
  std::string_view name;
  std::string_view text;  ///< TOML
};

/// All of them, ordered by name.
std::span<const Preset> presets();

/// Their names, for messages: "a, b, c".
std::string preset_names();

/// The preset of that name, or null.
const Preset* find_preset(std::string_view name);

/// Something names neither a parameter file nor a preset.
class UnknownPreset : public InputError {
 public:
  explicit UnknownPreset(const std::string& name);
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

/// Reads a parameter file or, if there is no such file, the preset of that name.
/// @throws UnknownPreset; FileError as read_sleep_parameters.
SleepParameters load_parameters(const std::string& file_or_preset);

}  // namespace hypnos

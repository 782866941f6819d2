#include "cli/presets.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "hypnos/error.hpp"

namespace hypnos::cli {

std::string preset_names() {
  std::string names;
  for (const Preset& preset : presets()) names += (names.empty() ? "" : ", ") + preset.name;
  return names;
}

SleepParameters read_parameters(const std::string& file_or_preset) {
  if (std::filesystem::is_regular_file(file_or_preset))
    return read_sleep_parameters(file_or_preset);
  for (const Preset& preset : presets()) {
    if (preset.name == file_or_preset) return parse_sleep_parameters(preset.text, preset.name);
  }
  throw InputError(fmt::format("there is no parameter file or preset \"{}\"; presets: {}",
                               file_or_preset, preset_names()));
}

}  // namespace hypnos::cli

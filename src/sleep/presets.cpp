#include "hypnos/presets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace hypnos {

std::string preset_names() {
  std::string names;
  for (const Preset& preset : presets()) {
    if (!names.empty()) names += ", ";
    names += preset.name;
  }
  return names;
}

UnknownPreset::UnknownPreset(const std::string& name)
    : InputError(fmt::format("there is no parameter file or preset \"{}\"; presets: {}", name,
                             preset_names())),
      name_(name) {}

const Preset* find_preset(std::string_view name) {
  const auto all = presets();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Preset& p) { return p.name == name; });
  return found == all.end() ? nullptr : &*found;
}

SleepParameters load_parameters(const std::string& file_or_preset) {
  if (std::filesystem::is_regular_file(file_or_preset)) {
    return read_sleep_parameters(file_or_preset);
  }
  const Preset* preset = find_preset(file_or_preset);
  if (preset == nullptr) throw UnknownPreset(file_or_preset);
  return parse_sleep_parameters(preset->text, file_or_preset);
}

}  // namespace hypnos

#include "hypnos/tuning_file.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace hypnos {
namespace {

std::string toml_string(std::string_view text) {
  // A string of JSON is a basic string of TOML.
  return text_of(Json(text));
}

}  // namespace

std::string to_toml(const TuningResult& result, const TuningOptions& options,
                    const TuningNote& note) {
  SleepParameters parameters = result.parameters;
  parameters.source = "hypnos tune, see [tuned]";
  std::string text = to_toml(parameters) + "\n[tuned]\n";
  text += fmt::format("command = {}\n", toml_string(note.command));
  text += fmt::format("objective = {}\n", toml_string(text_of(options.objective)));
  if (!options.distortions.empty()) {
    text += fmt::format("distort = {}\n", toml_string(text_of(options.distortions)));
  }
  text += fmt::format("on = {}\n", toml_string(note.on));
  text += fmt::format("search = {}\n", toml_string(name_of(options.search)));
  text += fmt::format("program = {}\n", toml_string(note.program));
  text += fmt::format("networks = {}\n", result.subject_before.size());
  text += fmt::format("candidates = {}\n", result.candidates);
  text += fmt::format("moment = {}\n", toml_string(name_of(options.moment)));
  text += fmt::format("sleeps = {}\n", result.sleeps);
  text += fmt::format("updates = {}\n", result.updates);
  text += fmt::format("before = {:.5f}\n", result.before);
  text += fmt::format("after = {:.5f}\n", result.score);
  text += fmt::format("seconds = {:.0f}\n", note.seconds);
  text += fmt::format("configuration = {}\n", toml_string(note.search));
  return text;
}

}  // namespace hypnos

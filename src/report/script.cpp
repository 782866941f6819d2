#include "report/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "study/groups.hpp"

namespace hypnos {
namespace {

constexpr std::array known = {
    "data",     "fraction",         "per_class",       "keep",
    "protocol", "hidden",           "epochs",          "momentum",
    "dropout",  "batch_size",       "learning_rate",   "sleep",
    "stages",   "sleep_parameters", "finetune_epochs", "finetune_learning_rate"};

bool is_known(const std::string& key) {
  // A parameter of the sleep stands among the choices by its own name.
  return std::find(known.begin(), known.end(), key) != known.end() ||
         key.starts_with("sleep_parameters");
}

bool has_stage(const Json& configuration, const char* stage) {
  const Json stages = configuration.value("stages", Json::array());
  return std::find(stages.begin(), stages.end(), stage) != stages.end();
}

std::string train(const Json& configuration) {
  const Json choices = configuration.value("choices", Json::object());
  const Json subset = configuration.value("subset", Json::object());
  std::string line = "hypnos train --data " + shell_word(configuration.value("data", ""));
  if (subset.contains("fraction")) line += " --fraction " + text_of(subset["fraction"]);
  if (subset.contains("per_class")) line += " --per-class " + text_of(subset["per_class"]);
  if (subset.contains("keep")) {
    std::string keep;
    for (const auto& [label, part] : subset["keep"].items()) {
      keep += fmt::format("{}{}={}", keep.empty() ? "" : ",", label, text_of(part));
    }
    line += " --keep " + shell_word(keep);
  }
  for (const char* key :
       {"protocol", "hidden", "epochs", "learning_rate", "momentum", "dropout", "batch_size"}) {
    if (!choices.contains(key)) continue;
    std::string option = key;
    std::replace(option.begin(), option.end(), '_', '-');
    line += fmt::format(" --{} {}", option, shell_word(show(choices[key])));
  }
  return line + " --seed " + text_of(configuration.value("seed", Json(1))) +
         " -o trained.safetensors\nhypnos eval trained.safetensors\n";
}

std::string finetune(const Json& configuration, const std::string& from, const std::string& to) {
  const Json options = configuration.value("finetuning", Json::object());
  const Json choices = configuration.value("choices", Json::object());
  std::string line =
      "hypnos finetune " + from + " --epochs " + text_of(options.value("epochs", Json(20)));
  if (choices.contains("finetune_learning_rate")) {
    line += " --learning-rate " + text_of(choices["finetune_learning_rate"]);
  }
  return fmt::format("{} -o {}\nhypnos eval {}\n", line, to, to);
}

}  // namespace

std::string shell_word(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("-_=.,/+:").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (plain) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string script_of(const Json& configuration) {
  const Json choices = configuration.value("choices", Json::object());
  for (const auto& [key, value] : choices.items()) {
    if (!is_known(key)) return {};
  }
  std::string script = train(configuration);
  std::string last = "trained.safetensors";
  if (has_stage(configuration, "sleep")) {
    script += "cat > sleep.toml <<'END'\n" + configuration.value("parameters", "") + "END\n";
    script += "hypnos sleep " + last + " --params sleep.toml -o slept.safetensors\n";
    last = "slept.safetensors";
    script += "hypnos eval " + last + "\n";
  }
  if (has_stage(configuration, "wake")) {
    script += "hypnos wake " + last + " -o awake.safetensors\n";
    last = "awake.safetensors";
  }
  if (has_stage(configuration, "finetune")) {
    script += finetune(configuration, last, "tuned.safetensors");
  }
  if (has_stage(configuration, "control")) {
    script +=
        "# the control\n" + finetune(configuration, "trained.safetensors", "control.safetensors");
  }
  return script;
}

}  // namespace hypnos

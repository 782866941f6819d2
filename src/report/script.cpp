#include "report/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <vector>

#include "base/json.hpp"
#include "base/shell.hpp"
#include "hypnos/training_options.hpp"
#include "hypnos/trial_groups.hpp"

namespace hypnos {
namespace {

// The choices that are options of hypnos train. Fine-tuning goes by what the model remembers.
std::vector<std::string> training_keys() {
  std::vector<std::string> keys = {"protocol", "hidden"};
  for (const TrainingOption& option : training_options()) keys.emplace_back(option.name);
  return keys;
}

std::string options_of(const Json& choices) {
  std::string options;
  for (const std::string& key : training_keys()) {
    if (!choices.contains(key)) continue;
    options += " " + shell_option(training_flag(key), choice_text(choices[key]));
  }
  return options;
}

// The name without what could be a folder, or mean something else.
std::string file_name(const std::string& name) {
  std::string file;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte < 0x80 && std::isalnum(byte) != 0) || c == '_';
    file += plain ? c : '-';
  }
  file.erase(0, file.find_first_not_of('-'));
  return file.empty() ? "study" : file.substr(0, 80);
}

bool has_stage(const Json& configuration, const char* stage) {
  const Json stages = configuration.value("stages", Json::array());
  return std::find(stages.begin(), stages.end(), stage) != stages.end();
}

std::string subset_of(const Json& subset) {
  std::string options;
  const auto add = [&](const char* flag, const std::string& value) {
    options += " " + shell_option(flag, value);
  };
  if (subset.contains("fraction")) add("--fraction", text_of(subset["fraction"]));
  if (subset.contains("per_class")) add("--per-class", text_of(subset["per_class"]));
  if (!subset.contains("keep")) return options;
  std::string keep;
  for (const auto& [label, part] : subset["keep"].items()) {
    keep += fmt::format("{}{}={}", keep.empty() ? "" : ",", label, text_of(part));
  }
  add("--keep", keep);
  return options;
}

// How data are read, where that was chosen.
std::string reading_of(const Json& configuration) {
  const Json reading = configuration.value("reading", Json::object());
  std::string options;
  for (const char* key : {"layout", "range", "first_label"}) {
    if (!reading.contains(key)) continue;
    options += " " + shell_option(training_flag(key), choice_text(reading[key]));
  }
  if (!reading.contains("normalize")) return options;
  const Json& normalize = reading["normalize"];
  if (normalize.value("standardize", false)) return options + " --normalize standardize";
  std::string numbers;
  for (const char* key : {"mean", "std"}) {
    for (const Json& number : normalize.value(key, Json::array())) {
      numbers += (numbers.empty() ? "" : ",") + text_of(number);
    }
  }
  return options + " " + shell_option("--normalize", numbers);
}

// Measures a model, under the plan's distortions too.
std::string eval(const std::string& model, const Json& choices, const Json& seed) {
  std::string line = "hypnos eval " + model;
  if (choices.contains("distort")) {
    line += " " + shell_option("--distort", choice_text(choices["distort"])) + " " +
            shell_option("--distort-seed", text_of(seed));
  }
  return line + "\n";
}

// With pre-training two networks are trained, one after the other.
std::string train(const Json& choices, const Json& seed, const Json& configuration) {
  const std::string ends = " " + shell_option("--seed", text_of(seed)) + " -o ";
  std::string script;
  std::string begin = "hypnos train ";
  if (configuration.contains("pretraining")) {
    const Json& first = configuration["pretraining"];
    Json first_choices = choices;
    first_choices["epochs"] = first.value("epochs", Json());
    first_choices.erase("updates");
    script += begin + shell_option("--data", first.value("data", "")) + subset_of(first) +
              reading_of(configuration) + options_of(first_choices) + ends +
              "pretrained.safetensors\n";
    begin = "hypnos train --init pretrained.safetensors ";
  }
  // After pre-training the layers are those of the first network.
  Json own = choices;
  if (!script.empty()) own.erase("hidden");
  script += begin + shell_option("--data", configuration.value("data", "")) +
            subset_of(configuration.value("subset", Json::object())) + reading_of(configuration) +
            options_of(own) + ends + "trained.safetensors\n";
  return script + eval("trained.safetensors", choices, seed);
}

// Trains on, by the options of one training after a sleep.
std::string finetune(const Json& choices, const Json& options, const std::string& from,
                     const std::string& to) {
  const char* length = options.contains("updates") ? "updates" : "epochs";
  std::string line = "hypnos finetune " + from + " " +
                     shell_option(training_flag(length), text_of(options.value(length, Json(20))));
  const auto add = [&](const char* name, const Json& value) {
    line += " " + shell_option(training_flag(name), choice_text(value));
  };
  if (choices.contains("sleep_after")) {
    add("schedule", options.value("schedule", "constant"));
    add("learning_rate", options.value("learning_rate", Json()));
    if (options.contains("average")) add("average", options["average"]);
  } else if (choices.contains("finetune_learning_rate")) {
    line += " " + shell_option("--learning-rate", text_of(choices["finetune_learning_rate"]));
  }
  return fmt::format("{} -o {}\n", line, to);
}

// The trainings after the first sleep, and what is done before each but the first.
std::string train_further(const Json& choices, const Json& configuration, std::string from,
                          const std::string& to,
                          const std::function<std::string(const std::string&)>& between) {
  Json trainings = configuration.value("between_sleeps", Json::array());
  trainings.push_back(configuration.value("finetuning", Json::object()));
  std::string script;
  for (std::size_t t = 0; t < trainings.size(); ++t) {
    if (t > 0) script += between(to);
    script += finetune(choices, trainings[t], from, to);
    from = to;
  }
  return script;
}

// Choices of which the training is that before the first sleep.
Json until_first_sleep(Json choices, const Json& configuration) {
  if (!choices.contains("sleep_after")) return choices;
  const Json training = configuration.value("training", Json::object());
  choices["updates"] = training.value("updates", Json());
  choices["schedule"] = training.value("schedule", "constant");
  choices.erase("average");
  return choices;
}

// The commands that do a study again: its plan, and its run.
std::string script_of_study(const Json& study) {
  std::string plan = study.value("plan", "");
  if (plan.empty()) return {};
  const std::string file = file_name(study.value("name", "")) + ".toml";
  return shell_file(file, plan) + fmt::format("hypnos run {} --db results.sqlite\n", file);
}

}  // namespace

std::string training_flag(std::string_view name) {
  // --output is the model file.
  if (name == "output") return "--output-kind";
  std::string flag = "--" + std::string(name);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::string script_of(const Json& choices, const Json& seed, const Json& configuration) {
  // Closed forms have no verbs, and tasks in sequence are done again by the study.
  if (configuration.contains("method") || configuration.contains("sequence")) return {};
  std::string script = train(until_first_sleep(choices, configuration), seed, configuration);
  std::string last = "trained.safetensors";
  if (has_stage(configuration, "sleep")) {
    script += shell_file("sleep.toml", configuration.value("parameters", ""));
    script += "hypnos sleep " + last + " --params sleep.toml -o slept.safetensors\n";
    last = "slept.safetensors";
    script += eval(last, choices, seed);
  }
  if (has_stage(configuration, "wake")) {
    script += "hypnos wake " + last + " -o awake.safetensors\n";
    last = "awake.safetensors";
  }
  if (has_stage(configuration, "finetune")) {
    const auto sleep_again = [&](const std::string& file) {
      std::string commands;
      if (has_stage(configuration, "sleep")) {
        commands += fmt::format("hypnos sleep {} --params sleep.toml -o {}\n", file, file);
      }
      if (has_stage(configuration, "wake")) {
        commands += fmt::format("hypnos wake {} -o {}\n", file, file);
      }
      return commands;
    };
    script += train_further(choices, configuration, last, "tuned.safetensors", sleep_again) +
              eval("tuned.safetensors", choices, seed);
  }
  if (has_stage(configuration, "control")) {
    script += "# the control\n" +
              train_further(choices, configuration, "trained.safetensors", "control.safetensors",
                            [](const std::string&) { return std::string(); }) +
              eval("control.safetensors", choices, seed);
  }
  return script;
}

void add_scripts(Json& report) {
  for (Json& study : report["studies"]) {
    study["script"] = script_of_study(study);
    for (Json& group : study["groups"]) {
      const Json& seeds = group["seeds"];
      group["script"] = script_of(group["choices"], seeds.empty() ? Json(1) : seeds.front(),
                                  group["configuration"]);
    }
  }
}

}  // namespace hypnos

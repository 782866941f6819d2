#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/json.hpp"
#include "hypnos/error.hpp"
#include "hypnos/trial.hpp"
#include "plan/stage_names.hpp"
#include "training/read_recipe_json.hpp"

namespace hypnos {
namespace {

Pretraining pretraining_from(const Json& json) {
  Pretraining pretraining{.data = json.at("data"),
                          .data_sha256 = json.value("data_sha256", ""),
                          .fraction = {},
                          .epochs = count_from(json.at("epochs"))};
  if (json.contains("fraction")) pretraining.fraction = json["fraction"].get<double>();
  return pretraining;
}

Stages stages_from(const Json& names) {
  Stages stages = no_stages;
  for (const Json& name : names) {
    if (!name.is_string() || !add_stage(stages, name.get<std::string>())) {
      throw InputError(fmt::format("{} is no stage", text_of(name)));
    }
  }
  return stages;
}

SequenceOptions sequence_from(const Json& json) {
  SequenceOptions options;
  options.learner = named_value<Learner>(json.at("learner"));
  if (json.at("tasks").is_string()) {
    options.division = json["tasks"];
  } else {
    options.tasks = json["tasks"].get<std::vector<std::vector<std::uint32_t>>>();
  }
  options.order = named_value<TaskOrder>(json.at("order"));
  if (json.contains("samples")) options.samples = count_from(json["samples"]);
  if (json.contains("fraction")) options.fraction = json["fraction"].get<double>();
  if (json.contains("sleep_when")) options.sleep_when = named_value<SleepWhen>(json["sleep_when"]);
  if (json.contains("calibration")) {
    options.calibration = named_value<Calibration>(json["calibration"]);
  }
  options.wake = json.value("wake", options.wake);
  if (json.contains("memory")) options.memory = count_from(json["memory"]);
  if (json.contains("replay")) options.replay = named_value<Replay>(json["replay"]);
  options.replay_fraction = json.value("replay_fraction", options.replay_fraction);
  if (json.contains("exemplars")) options.exemplars = named_value<Exemplars>(json["exemplars"]);
  options.ewc_strength = json.value("ewc_strength", options.ewc_strength);
  if (json.contains("later_learning_rate")) {
    options.later_learning_rate = json["later_learning_rate"].get<double>();
  }
  options.carry_momentum = json.at("carry_momentum");
  validate(options);
  return options;
}

void add_method(const Json& json, Trial& trial) {
  trial.method = named_value<Method>(json.at("method"));
  trial.protocol = name_of(trial.method);
  trial.training.epochs = 0;
  trial.stages = no_stages;
  if (json.contains("hidden_layers")) {
    // Their number is all that this method knows of them.
    const std::uint64_t layers = count_from(json["hidden_layers"]);
    if (layers > 1000) throw InputError(fmt::format("{} hidden layers are too many", layers));
    trial.hidden.assign(layers, 1200);
  }
}

// @param asleep whether the network sleeps
void add_network(const Json& json, bool asleep, Trial& trial) {
  trial.hidden = json.at("hidden").get<std::vector<std::size_t>>();
  if (trial.hidden.empty() || std::count(trial.hidden.begin(), trial.hidden.end(), 0U) > 0) {
    throw InputError("hidden has a layer without units, or no layer");
  }
  trial.training = training_from(json.at("training"));
  if (!asleep) return;
  trial.sleep = trial.choices.value("sleep", "");
  trial.parameters = parse_sleep_parameters(json.at("parameters").get<std::string>(), "parameters");
  validate(trial.parameters, trial.hidden.size() + 1);
}

void add_further_training(const Json& json, Trial& trial) {
  if (json.contains("pretraining")) trial.pretraining = pretraining_from(json["pretraining"]);
  if (!trial.stages.finetune && !trial.stages.control) return;
  for (const Json& training : json.value("between_sleeps", Json::array())) {
    trial.further.push_back(training_from(training));
  }
  trial.further.push_back(training_from(json.at("finetuning")));
}

void add_sequence(const Json& json, Trial& trial) {
  const SequenceOptions options = sequence_from(json["sequence"]);
  trial.sequence = options;
  trial.stages = no_stages;
  trial.stages.sleep = sleeps(options.learner);
  trial.stages.wake = options.wake;
  if (is_trained(options.learner)) {
    add_network(json, trial.stages.sleep, trial);
  } else {
    trial.protocol = name_of(options.learner);
  }
}

Trial trial_from(const Json& json) {
  Trial trial;
  trial.choices = json.value("choices", Json::object());
  trial.seed = count_from(json.at("seed"));
  trial.data = json.at("data");
  trial.data_sha256 = json.value("data_sha256", "");
  if (json.contains("reading")) trial.reading = reading_from(json["reading"]);
  trial.subset.seed = trial.seed;
  trial.protocol = trial.choices.value("protocol", "");
  if (json.contains("sequence")) {
    add_sequence(json, trial);
    return trial;
  }
  trial.subset = subset_from(json.at("subset"));
  if (json.contains("distort")) {
    trial.distortions = read_distortions(json["distort"].get<std::string>());
  }
  if (json.contains("method")) {
    add_method(json, trial);
    return trial;
  }
  trial.stages = stages_from(json.at("stages"));
  add_network(json, trial.stages.sleep, trial);
  add_further_training(json, trial);
  return trial;
}

}  // namespace

Trial read_trial(const Json& configuration) {
  try {
    return trial_from(configuration);
  } catch (const std::exception& error) {
    const std::string_view why = error.what();
    // The parser of JSON begins with a number of its own in brackets.
    const std::size_t end = why.find("] ");
    const std::size_t begin = why.starts_with('[') && end != std::string_view::npos ? end + 2 : 0;
    throw InputError(fmt::format("this is no configuration of a trial: {}", why.substr(begin)));
  }
}

}  // namespace hypnos

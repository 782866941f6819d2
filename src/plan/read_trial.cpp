#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "hypnos/error.hpp"
#include "hypnos/trial.hpp"
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
  Stages stages{.sleep = false, .wake = false, .finetune = false, .control = false};
  for (const Json& name : names) {
    if (name == "sleep") {
      stages.sleep = true;
    } else if (name == "wake") {
      stages.wake = true;
    } else if (name == "finetune") {
      stages.finetune = true;
    } else if (name == "control") {
      stages.control = true;
    } else {
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
  return options;
}

SleepParameters parameters_from(const Json& json, const std::string& name) {
  return parse_sleep_parameters(json.get<std::string>(), name.empty() ? "parameters" : name);
}

void add_method(const Json& json, Trial& trial) {
  trial.method = named_value<Method>(json.at("method"));
  trial.protocol = name_of(trial.method);
  trial.training.epochs = 0;
  trial.stages = stages_from(Json::array());
  if (json.contains("hidden_layers")) {
    // Their number is all that this method knows of them.
    const std::uint64_t layers = count_from(json["hidden_layers"]);
    if (layers > 1000) throw InputError(fmt::format("{} hidden layers are too many", layers));
    trial.hidden.assign(layers, 1200);
  }
}

void add_network(const Json& json, Trial& trial) {
  if (json.contains("hidden")) trial.hidden = json["hidden"].get<std::vector<std::size_t>>();
  if (json.contains("training")) trial.training = training_from(json["training"]);
  if (json.contains("parameters")) {
    trial.parameters = parameters_from(json["parameters"], trial.sleep);
  }
}

void add_stages(const Json& json, Trial& trial) {
  if (json.contains("pretraining")) trial.pretraining = pretraining_from(json["pretraining"]);
  trial.stages = stages_from(json.at("stages"));
  for (const Json& training : json.value("between_sleeps", Json::array())) {
    trial.further.push_back(training_from(training));
  }
  if (json.contains("finetuning")) trial.further.push_back(training_from(json["finetuning"]));
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
  if (json.contains("parameters")) trial.sleep = trial.choices.value("sleep", "");
  if (json.contains("sequence")) {
    trial.sequence = sequence_from(json["sequence"]);
    trial.stages = {.sleep = sleeps(trial.sequence->learner),
                    .wake = trial.sequence->wake,
                    .finetune = false,
                    .control = false};
    const Learner learner = trial.sequence->learner;
    if (!is_trained(learner)) trial.protocol = name_of(learner);
    add_network(json, trial);
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
  add_network(json, trial);
  add_stages(json, trial);
  return trial;
}

}  // namespace

Trial read_trial(const Json& configuration) {
  try {
    return trial_from(configuration);
  } catch (const std::exception& error) {
    throw InputError(fmt::format("this is no configuration of a trial: {}", error.what()));
  }
}

}  // namespace hypnos

#include "hypnos/trial.hpp"

#include "base/json.hpp"
#include "data/checksum.hpp"
#include "plan/stage_names.hpp"
#include "plan/trial_training.hpp"
#include "training/recipe_json.hpp"

namespace hypnos {
namespace {

// The parameters as TOML, without their source: it does not change a result.
std::string text_of_values(SleepParameters parameters) {
  parameters.source.clear();
  return to_toml(parameters);
}

Json stages_of(const Stages& stages) {
  Json names = Json::array();
  for (const StageName& known : stage_names) {
    if (stages.*known.stage) names.push_back(known.name);
  }
  return names;
}

// What its learner does not look at is left out: sequences with the same results have one id.
Json to_json(const SequenceOptions& options) {
  Json json = {{"learner", name_of(options.learner)},
               {"tasks", options.tasks.empty() ? Json(options.division) : Json(options.tasks)},
               {"order", name_of(options.order)}};
  if (options.samples) json["samples"] = *options.samples;
  if (options.fraction) json["fraction"] = *options.fraction;
  if (sleeps(options.learner) || options.learner == Learner::waking) {
    json["sleep_when"] = name_of(options.sleep_when);
  }
  if (sleeps(options.learner)) {
    json["calibration"] = name_of(options.calibration);
    json["wake"] = options.wake;
  }
  if (has_memory(options.learner)) {
    json["memory"] = options.memory;
    json["replay"] = name_of(options.replay);
    if (options.replay == Replay::released) json["replay_fraction"] = options.replay_fraction;
  }
  if (is_icarl(options.learner)) json["exemplars"] = name_of(options.exemplars);
  if (options.learner == Learner::ewc) json["ewc_strength"] = options.ewc_strength;
  if (options.later_learning_rate) json["later_learning_rate"] = *options.later_learning_rate;
  json["carry_momentum"] = options.carry_momentum;
  return json;
}

void add_sequence(const SequenceOptions& options, const Trial& trial, Json& json) {
  json["sequence"] = to_json(options);
  const Learner learner = options.learner;
  if (!is_trained(learner)) return;
  json["hidden"] = trial.hidden;
  json["training"] = to_json(trial.training);
  if (sleeps(learner)) json["parameters"] = text_of_values(trial.parameters);
}

}  // namespace

Json to_json(const Pretraining& pretraining) {
  Json json = {{"data", pretraining.data}};
  if (!pretraining.data_sha256.empty()) json["data_sha256"] = pretraining.data_sha256;
  if (pretraining.fraction) json["fraction"] = *pretraining.fraction;
  json["epochs"] = pretraining.epochs;
  return json;
}

Json to_json(const Trial& trial) {
  Json json = {{"choices", trial.choices}, {"seed", trial.seed}, {"data", trial.data}};
  if (!trial.data_sha256.empty()) json["data_sha256"] = trial.data_sha256;
  if (trial.reading != DataReading()) json["reading"] = to_json(trial.reading);
  if (trial.sequence) {
    add_sequence(*trial.sequence, trial, json);
    return json;
  }
  json["subset"] = to_json(trial.subset);
  if (!trial.distortions.empty()) json["distort"] = text_of(trial.distortions);
  if (trial.method != Method::network) {
    json["method"] = name_of(trial.method);
    if (trial.method == Method::neural_tangent_kernel) json["hidden_layers"] = trial.hidden.size();
    return json;
  }
  json["hidden"] = trial.hidden;
  json["training"] = to_json(trial.training);
  if (trial.pretraining) json["pretraining"] = to_json(*trial.pretraining);
  json["stages"] = stages_of(trial.stages);
  if (trial.stages.sleep) json["parameters"] = text_of_values(trial.parameters);
  if (trial.stages.finetune || trial.stages.control) {
    // The last one. Between several sleeps there are others.
    json["finetuning"] = to_json(trial.further.back());
    for (std::size_t t = 0; t + 1 < trial.further.size(); ++t) {
      json["between_sleeps"].push_back(to_json(trial.further[t]));
    }
  }
  return json;
}

std::string id_of(const Trial& trial) {
  Json json = to_json(trial);
  json.erase("choices");
  return sha256(text_of(json));
}

}  // namespace hypnos

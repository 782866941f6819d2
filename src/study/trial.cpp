#include "study/trial.hpp"

#include <cassert>

#include "data/checksum.hpp"

namespace hypnos {
namespace {

// Where the values come from is told by their name, and does not change a result.
std::string text_of_values(SleepParameters parameters) {
  parameters.source.clear();
  return to_toml(parameters);
}

Json stages_of(const Stages& stages) {
  Json names = Json::array();
  if (stages.sleep) names.push_back("sleep");
  if (stages.wake) names.push_back("wake");
  if (stages.finetune) names.push_back("finetune");
  if (stages.control) names.push_back("control");
  return names;
}

Json to_json(const Pretraining& pretraining) {
  Json json = {{"data", pretraining.data}};
  if (!pretraining.data_sha256.empty()) json["data_sha256"] = pretraining.data_sha256;
  if (pretraining.fraction) json["fraction"] = *pretraining.fraction;
  json["epochs"] = pretraining.epochs;
  return json;
}

}  // namespace

Json to_json(const Trial& trial) {
  Json json = {{"choices", trial.choices}, {"seed", trial.seed}, {"data", trial.data}};
  if (!trial.data_sha256.empty()) json["data_sha256"] = trial.data_sha256;
  json["subset"] = to_json(trial.subset);
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
    json["finetuning"] = to_json(finetuning(trial));
  }
  return json;
}

std::string id_of(const Trial& trial) {
  Json json = to_json(trial);
  json.erase("choices");
  return sha256(text_of(json));
}

TrainingOptions finetuning(const Trial& trial) {
  TrainingOptions options = finetuning_after(trial.training);
  options.epochs = trial.finetune_epochs;
  options.learning_rate = trial.finetune_learning_rate.value_or(options.learning_rate);
  return options;
}

Trial pretraining_trial(const Trial& trial) {
  assert(trial.pretraining.has_value());
  const Pretraining& pretraining = *trial.pretraining;
  Trial first = trial;
  first.data = pretraining.data;
  first.data_sha256 = pretraining.data_sha256;
  first.subset = {.fraction = pretraining.fraction, .seed = trial.seed};
  first.training.epochs = pretraining.epochs;
  first.pretraining.reset();
  return first;
}

Recipe recipe_of(const Trial& trial) {
  return {.data = trial.data,
          .subset = trial.subset,
          .seed = trial.seed,
          .training = trial.training,
          .history = Json::array()};
}

std::string network_id_of(const Trial& trial) {
  Json json = {{"data", trial.data},
               {"data_sha256", trial.data_sha256},
               {"subset", to_json(trial.subset)},
               {"hidden", trial.hidden},
               {"training", to_json(trial.training)},
               {"seed", trial.seed}};
  if (trial.pretraining) json["pretraining"] = to_json(*trial.pretraining);
  return sha256(text_of(json));
}

}  // namespace hypnos

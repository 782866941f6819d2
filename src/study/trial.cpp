#include "study/trial.hpp"

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

}  // namespace

Json to_json(const Trial& trial) {
  Json json = {{"choices", trial.choices}, {"seed", trial.seed}, {"data", trial.data}};
  if (!trial.data_sha256.empty()) json["data_sha256"] = trial.data_sha256;
  json["subset"] = to_json(trial.subset);
  json["hidden"] = trial.hidden;
  json["training"] = to_json(trial.training);
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
  TrainingOptions options = trial.training;
  options.epochs = trial.finetune_epochs;
  options.learning_rate = trial.finetune_learning_rate.value_or(options.learning_rate);
  return options;
}

Recipe recipe_of(const Trial& trial) {
  return {.data = trial.data,
          .subset = trial.subset,
          .seed = trial.seed,
          .training = trial.training,
          .history = Json::array()};
}

std::string network_id_of(const Trial& trial) {
  return sha256(text_of({{"data", trial.data},
                         {"data_sha256", trial.data_sha256},
                         {"subset", to_json(trial.subset)},
                         {"hidden", trial.hidden},
                         {"training", to_json(trial.training)},
                         {"seed", trial.seed}}));
}

}  // namespace hypnos

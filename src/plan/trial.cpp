#include "hypnos/trial.hpp"

#include "base/json.hpp"
#include "data/checksum.hpp"
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
  if (stages.sleep) names.push_back("sleep");
  if (stages.wake) names.push_back("wake");
  if (stages.finetune) names.push_back("finetune");
  if (stages.control) names.push_back("control");
  return names;
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

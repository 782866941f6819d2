#include "results/trial_words.hpp"

namespace hypnos {

Json trial_words(const StoredTrial& trial) {
  Json words = {{"id", trial.id}};
  if (!trial.name.empty()) words["name"] = trial.name;
  words.update(trial.configuration.at("choices"));
  words["seed"] = trial.configuration.at("seed");
  return words;
}

}  // namespace hypnos

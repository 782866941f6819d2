#include "plan/trial_training.hpp"

#include <cassert>

#include "data/checksum.hpp"
#include "training/recipe_json.hpp"

namespace hypnos {

Trial pretraining_trial(const Trial& trial) {
  assert(trial.pretraining.has_value());
  const Pretraining& pretraining = *trial.pretraining;
  Trial first = trial;
  first.data = pretraining.data;
  first.data_sha256 = pretraining.data_sha256;
  first.subset = {.fraction = pretraining.fraction, .seed = trial.seed};
  end_after_epochs(first.training, pretraining.epochs);
  first.pretraining.reset();
  return first;
}

Recipe recipe_of(const Trial& trial) {
  return {.data = trial.data,
          .reading = trial.reading,
          .subset = trial.subset,
          .seed = trial.seed,
          .training = trial.training,
          .history = {}};
}

Sequence sequence_of(const Trial& trial) {
  return {.options = trial.sequence.value_or(SequenceOptions()),
          .training = trial.training,
          .hidden = trial.hidden,
          .parameters = trial.parameters,
          .seed = trial.seed};
}

std::string network_id_of(const Trial& trial) {
  Json json = {{"data", trial.data},
               {"data_sha256", trial.data_sha256},
               {"subset", to_json(trial.subset)},
               {"hidden", trial.hidden},
               {"training", to_json(trial.training)},
               {"seed", trial.seed}};
  if (trial.reading != DataReading()) json["reading"] = to_json(trial.reading);
  if (trial.pretraining) json["pretraining"] = to_json(*trial.pretraining);
  return sha256(text_of(json));
}

}  // namespace hypnos

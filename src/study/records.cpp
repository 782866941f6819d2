#include "study/records.hpp"

namespace hypnos {

StudyRecord record_of(const Plan& plan) {
  StudyRecord study{.name = plan.name,
                    .answers = plan.answers,
                    .plan = plan.text,
                    .trials = {},
                    .path = plan.file.string()};
  study.trials.reserve(plan.trials.size());
  for (const Trial& trial : plan.trials) {
    study.trials.push_back({.id = id_of(trial), .name = trial.name});
  }
  return study;
}

TrialRecord record_of(const Trial& trial) {
  return {.id = id_of(trial),
          .configuration = to_json(trial),
          .data = trial.data,
          .fraction = trial.subset.fraction,
          .per_class = trial.subset.per_class,
          .keep = trial.choices.value("keep", ""),
          .protocol = trial.protocol,
          .epochs = trial.training.epochs,
          .sleep = trial.sleep,
          .seed = trial.seed};
}

}  // namespace hypnos

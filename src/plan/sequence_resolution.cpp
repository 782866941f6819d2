#include "plan/sequence_resolution.hpp"

#include <fmt/format.h>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

void refuse(const char* key, bool given, const char* instead) {
  if (given) {
    throw ParameterError(key, fmt::format("does not go with tasks in sequence{}", instead));
  }
}

// What a plan says of a single training.
void refuse_other_keys(const Choices& c) {
  refuse("fraction", c.fraction.has_value(), "; task_fraction does");
  refuse("per_class", c.per_class.has_value(), "; task_samples does");
  refuse("keep", !c.keep.empty(), "");
  refuse("method", c.method != Method::network, "; against does");
  refuse("pretrain", !c.pretrain.empty(), "");
  refuse("sleep_after", !c.sleep_after.empty(), "; sleep_when does");
  refuse("finetune_epochs", c.finetune_epochs.has_value(), "");
  refuse("finetune_updates", c.finetune_updates.has_value(), "");
  refuse("finetune_learning_rate", c.finetune_learning_rate.has_value(), "");
  refuse("stages", c.stages != Stages(), "; wake and against do");
  if (c.reading.normalization.standardize && c.reading.normalization.means.empty()) {
    throw ParameterError("normalize",
                         "\"standardize\" takes the images of all tasks, those to come too; give "
                         "the means and deviations");
  }
}

}  // namespace

std::vector<Choices> with_each_learner(const Choices& choices) {
  if (!choices.sequence) return {choices};
  const SequenceChoices& chosen = *choices.sequence;
  if (!chosen.keys.contains("tasks")) {
    throw ParameterError(*chosen.keys.begin(), "goes with the key tasks, which is missing");
  }
  std::vector<Learner> learners;
  if (!choices.sleep.empty()) learners.push_back(Learner::sleep);
  learners.insert(learners.end(), chosen.against.begin(), chosen.against.end());
  if (learners.empty()) throw ParameterError("sleep", "is missing, and so is against");
  std::vector<Choices> all;
  for (const Learner learner : learners) {
    if (is_icarl(learner) && chosen.options.memory == 0 && learners.size() > 1) continue;
    SequenceChoices by_learner = chosen;
    by_learner.options.learner = learner;
    all.push_back(choices);
    all.back().sequence = std::move(by_learner);
  }
  return all;
}

void resolve_sequence(Choices& choices, const Surroundings& surroundings, Trial& trial) {
  refuse_other_keys(choices);
  SequenceChoices chosen = choices.sequence.value_or(SequenceChoices());
  const SequenceOptions options = without_what_has_no_effect(chosen.options);
  validate(options);
  chosen.options = options;
  choices.sequence = chosen;
  const bool asleep = sleeps(options.learner);
  trial.stages = {.sleep = asleep, .wake = options.wake, .finetune = false, .control = false};
  trial.sequence = options;
  if (!is_trained(options.learner)) trial.protocol = name_of(options.learner);
  if (asleep) {
    trial.sleep = choices.sleep = fill_in(choices);
    trial.parameters = read_sleep(choices, surroundings);
    trial.parameters.growth = chosen.growth.value_or(trial.parameters.growth);
  }
}

}  // namespace hypnos

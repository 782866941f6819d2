#include "hypnos/judges.hpp"

#include <fmt/format.h>

#include <variant>

namespace hypnos {
namespace {

std::string message_of(NoJudges reason, const std::string& stage) {
  switch (reason) {
    case NoJudges::unknown_training:
      return "the model does not say how it was trained, so that no others can be trained like it "
             "to judge a sleep by what they have not seen";
    case NoJudges::pretrained:
      return "the model began with the hidden layers of another one, so that others trained from "
             "nothing cannot judge a sleep of it";
    case NoJudges::changed:
      break;
  }
  return fmt::format(
      "the model is no longer as it was trained (stage \"{}\"), so that others trained like it "
      "cannot judge a sleep of it",
      stage);
}

// Of the first training; 0: not known.
std::uint64_t updates_of(const Recipe& recipe) {
  for (const Stage& stage : recipe.history) {
    if (const auto* trained = std::get_if<TrainedStage>(&stage.what)) return trained->updates;
  }
  return 0;
}

std::vector<std::size_t> sizes_of(const Network& network) {
  std::vector<std::size_t> sizes = {network.inputs()};
  for (const Layer& layer : network.layers) sizes.push_back(layer.outputs);
  return sizes;
}

}  // namespace

JudgesError::JudgesError(NoJudges reason, const std::string& stage)
    : InputError(message_of(reason, stage)), reason_(reason), stage_(stage) {}

std::vector<Subject> train_like(const Network& network, const Recipe& recipe,
                                std::span<const Trainee> trainees, const Execution& execution,
                                std::optional<std::uint64_t> epochs) {
  if (!recipe.training) throw JudgesError(NoJudges::unknown_training);
  if (was_pretrained(recipe)) throw JudgesError(NoJudges::pretrained);
  if (const std::string stage = changed_by(recipe); !stage.empty()) {
    throw JudgesError(NoJudges::changed, stage);
  }
  TrainingOptions training = *recipe.training;
  if (epochs) {
    end_after_epochs(training, *epochs);
  } else if (const std::uint64_t updates = updates_of(recipe);
             updates > 0 && training.average == 0) {
    end_after_updates(training, updates);
  }
  return train_subjects(trainees, sizes_of(network), training, execution);
}

}  // namespace hypnos

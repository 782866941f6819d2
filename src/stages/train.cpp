#include <cassert>

#include "hypnos/stages.hpp"

namespace hypnos::stages {
namespace {

// @param further null: the network is trained as its recipe says
Stage stage_of(const TrainingReport& report, std::uint64_t seed, const TrainingOptions* further) {
  TrainedStage stage{.epochs = report.epochs.size(),
                     .seed = seed,
                     .loss = report.loss,
                     .updates = report.updates,
                     .further = further != nullptr};
  if (further != nullptr) stage.training = *further;
  return {stage};
}

TrainingReport train_on(TrainedNetwork& trained, const Dataset& data,
                        const TrainingOptions* further, const Execution& execution) {
  const std::uint64_t seed = next_seed(trained.recipe);
  const TrainingOptions& options = further == nullptr ? *trained.recipe.training : *further;
  try {
    TrainingReport report = hypnos::train(trained.network, data, options, seed, execution);
    trained.recipe.history.push_back(stage_of(report, seed, further));
    return report;
  } catch (const TrainingStopped& stopped) {
    trained.recipe.history.push_back(stage_of(stopped.so_far, seed, further));
    throw;
  }
}

}  // namespace

TrainingReport train(TrainedNetwork& trained, const Dataset& data, const Execution& execution) {
  assert(trained.recipe.training.has_value());
  return train_on(trained, data, nullptr, execution);
}

TrainingReport finetune(TrainedNetwork& trained, const Dataset& data,
                        const TrainingOptions& options, const Execution& execution) {
  return train_on(trained, data, &options, execution);
}

}  // namespace hypnos::stages

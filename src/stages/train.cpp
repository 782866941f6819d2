#include <cassert>

#include "hypnos/stages.hpp"

namespace hypnos::stages {
namespace {

Stage stage_of(const TrainingReport& report, std::uint64_t seed, const TrainingOptions& options,
               bool further) {
  TrainedStage stage{.epochs = report.epochs.size(),
                     .seed = seed,
                     .loss = report.loss,
                     .updates = report.updates,
                     .further = further};
  if (further) stage.training = options;
  return {stage};
}

TrainingReport train_on(TrainedNetwork& trained, const Dataset& data,
                        const TrainingOptions& options, bool further, const Execution& execution) {
  const std::uint64_t seed = next_seed(trained.recipe);
  try {
    TrainingReport report = hypnos::train(trained.network, data, options, seed, execution);
    trained.recipe.history.push_back(stage_of(report, seed, options, further));
    return report;
  } catch (const TrainingStopped& stopped) {
    trained.recipe.history.push_back(stage_of(stopped.so_far, seed, options, further));
    throw;
  }
}

}  // namespace

TrainingReport train(TrainedNetwork& trained, const Dataset& data, const Execution& execution) {
  assert(trained.recipe.training.has_value());
  return train_on(trained, data, *trained.recipe.training, false, execution);
}

TrainingReport finetune(TrainedNetwork& trained, const Dataset& data,
                        const TrainingOptions& options, const Execution& execution) {
  return train_on(trained, data, options, true, execution);
}

}  // namespace hypnos::stages

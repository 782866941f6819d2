#include <cassert>

#include "hypnos/sleep_schedule.hpp"
#include "hypnos/stages.hpp"
#include "hypnos/stimulus.hpp"

namespace hypnos::stages {

void train_with_sleeps(TrainedNetwork& trained, const Dataset& data, const SleepsWithin& sleeps,
                       const Execution& execution) {
  assert(trained.recipe.training.has_value());
  // The sleep would find it too, but only after the training before it.
  validate(sleeps.parameters, trained.network.layers.size());
  check_patch(sleeps.parameters, data.shape);
  // A sleep of some thousand steps takes about as long as so many updates.
  constexpr double sleep_work = 100;
  const std::uint64_t updates = trained.recipe.training->updates;
  const std::vector<TrainingOptions> parts =
      divide_training(*trained.recipe.training, sleeps.after, sleeps.learning_rate);
  const double all =
      static_cast<double>(updates) + sleep_work * static_cast<double>(sleeps.after.size());
  double done = 0;
  const auto next = [&](double work) {
    const double begin = done / all;
    done += work;
    return Execution{.threads = execution.threads,
                     .progress = execution.progress.stretch(begin, done / all)};
  };
  trained.recipe.training = parts.front();
  train(trained, data, next(static_cast<double>(parts.front().updates)));
  for (std::size_t s = 1; s < parts.size(); ++s) {
    SleepWithin report{.updates = sleeps.after[s - 1], .slept = {}};
    report.slept = sleep(trained, &data, {.parameters = sleeps.parameters}, next(sleep_work));
    report.waking_factor = wake(trained, data, next(0));
    if (sleeps.observer) sleeps.observer(report, trained.network);
    finetune(trained, data, parts[s], next(static_cast<double>(parts[s].updates)));
  }
}

}  // namespace hypnos::stages

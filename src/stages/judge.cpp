#include "hypnos/folds.hpp"
#include "hypnos/guard.hpp"
#include "hypnos/judges.hpp"
#include "hypnos/stages.hpp"

namespace hypnos::stages {
namespace {

// Training the networks that judge takes most of the time, by far.
constexpr double training_part = 0.9;
// A pass over the samples takes little.
constexpr double prediction_part = 0.1;

}  // namespace

Verdict judge(const TrainedNetwork& trained, const Dataset& data, const SleepParameters& parameters,
              const Guard& guard, const Execution& execution) {
  std::vector<Subject> subjects;
  double part_before = 0;
  if (guard.mode == GuardMode::holdout && guard.holdout != nullptr) {
    part_before = prediction_part;
    subjects.push_back(make_subject(
        trained.network, data, *guard.holdout,
        {.threads = execution.threads, .progress = execution.progress.stretch(0, part_before)}));
  } else {
    part_before = training_part;
    auto trainees = leave_out_folds(data, guard.folds, trained.recipe.seed);
    if (guard.mode == GuardMode::holdout) trainees.resize(1);
    subjects = train_like(
        trained.network, trained.recipe, trainees,
        {.threads = execution.threads, .progress = execution.progress.stretch(0, part_before)});
  }
  return judge_sleep(
      subjects, parameters, trained.recipe.seed, guard.noise_seeds,
      {.threads = execution.threads, .progress = execution.progress.stretch(part_before, 1)});
}

GuardNote note_of(const Verdict& verdict) {
  return {.helps = verdict.helps,
          .steps = verdict.steps,
          .before = verdict.before,
          .after = verdict.after,
          .low = verdict.low,
          .high = verdict.high,
          .samples = verdict.samples};
}

void note_refusal(Recipe& recipe, const Verdict& verdict) {
  recipe.history.push_back(
      {SleptStage{.steps = 0, .seed = recipe.seed, .guard = note_of(verdict)}});
}

}  // namespace hypnos::stages

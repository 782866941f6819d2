#include "hypnos/folds.hpp"
#include "hypnos/guard.hpp"
#include "hypnos/judges.hpp"
#include "hypnos/stages.hpp"

namespace hypnos::stages {
namespace {

// Training the networks that judge takes most of the time, by far.
constexpr double training_part = 0.9;

}  // namespace

Verdict judge(const TrainedNetwork& trained, const Dataset& data, const SleepParameters& parameters,
              const Guard& guard, const Execution& execution) {
  std::vector<Subject> subjects;
  double trained_part = 0;
  if (guard.mode == GuardMode::holdout && guard.holdout != nullptr) {
    subjects.push_back(make_subject(trained.network, data, *guard.holdout, execution));
  } else {
    trained_part = training_part;
    auto trainees = leave_out_folds(data, guard.folds, trained.recipe.seed);
    if (guard.mode == GuardMode::holdout) trainees.resize(1);
    subjects = train_like(
        trained.network, trained.recipe, trainees,
        {.threads = execution.threads, .progress = execution.progress.stretch(0, trained_part)});
  }
  return judge_sleep(
      subjects, parameters, trained.recipe.seed, guard.noise_seeds,
      {.threads = execution.threads, .progress = execution.progress.stretch(trained_part, 1)});
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

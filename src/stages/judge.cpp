#include <algorithm>
#include <cmath>

#include "hypnos/dataset_prediction.hpp"
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

double accuracy(const Network& network, const Dataset& data, const Execution& execution) {
  return hypnos::measure(data.labels, predict(network, data, execution).answers, network.classes())
      .accuracy;
}

Likeness likeness_of(const Network& network, const Dataset& data, std::span<const Subject> judges,
                     const Execution& execution) {
  constexpr double five_points = 0.05;
  Likeness likeness{.network = accuracy(network, data, execution)};
  double samples = 0;  // of all judges
  for (const Subject& judge : judges) {
    likeness.judges += accuracy(judge.sleeper.network, judge.training, execution) /
                       static_cast<double>(judges.size());
    samples += static_cast<double>(judge.training.size());
  }
  const double p = (likeness.network + likeness.judges) / 2;
  const double variance = p * (1 - p) * (1 / static_cast<double>(data.size()) + 1 / samples);
  likeness.tolerance = five_points + 2 * std::sqrt(variance);
  return likeness;
}

// Of few samples each is judged by several networks, each trained without it: what a network on its
// plateau answers to one is nearly chance, and the mean over networks is less so.
std::size_t rounds_for(std::size_t samples) {
  constexpr std::size_t enough = 1500;  // answers
  constexpr std::size_t most = 5;
  return std::clamp<std::size_t>((enough + samples - 1) / samples, 1, most);
}

struct Judges {
  std::vector<Trainee> trainees;
  std::vector<std::uint32_t> sample;  // of each that judges
};

Judges judges_by_folds(const Dataset& data, std::size_t folds, std::uint64_t seed) {
  Judges judges;
  for (std::size_t round = 0; round < rounds_for(data.size()); ++round) {
    for (const Fold& fold : fold_indices(data, folds, seed + round)) {
      judges.trainees.push_back({.training = select(data, fold.kept),
                                 .evaluation = select(data, fold.left_out),
                                 .seed = seed});
      judges.sample.insert(judges.sample.end(), fold.left_out.begin(), fold.left_out.end());
    }
  }
  return judges;
}

}  // namespace

Verdict judge(const TrainedNetwork& trained, const Dataset& data, const SleepParameters& parameters,
              const Guard& guard, const Execution& execution) {
  std::vector<Subject> subjects;
  std::vector<std::uint32_t> sample;
  std::optional<Likeness> likeness;
  double part_before = 0;
  if (guard.mode == GuardMode::holdout && guard.holdout != nullptr) {
    part_before = prediction_part;
    subjects.push_back(make_subject(
        trained.network, data, *guard.holdout,
        {.threads = execution.threads, .progress = execution.progress.stretch(0, part_before)}));
  } else {
    part_before = training_part;
    Judges judges;
    if (guard.mode == GuardMode::holdout) {
      judges.trainees = leave_out_folds(data, guard.folds, trained.recipe.seed);
      judges.trainees.resize(1);
    } else {
      judges = judges_by_folds(data, guard.folds, trained.recipe.seed);
      sample = std::move(judges.sample);
    }
    subjects = train_like(
        trained.network, trained.recipe, judges.trainees,
        {.threads = execution.threads, .progress = execution.progress.stretch(0, part_before)});
    likeness = likeness_of(trained.network, data, subjects,
                           {.threads = execution.threads,
                            .progress = execution.progress.stretch(part_before, part_before)});
  }
  Verdict verdict = judge_sleep(
      subjects, parameters,
      {.noise_seed = trained.recipe.seed,
       .noise_seeds = guard.noise_seeds,
       .objective = guard.objective,
       .distortions = guard.distortions,
       .sample = std::move(sample),
       .moment = guard.moment,
       .further = guard.further},
      {.threads = execution.threads, .progress = execution.progress.stretch(part_before, 1)});
  verdict.likeness = likeness;
  verdict.helps = verdict.helps && (!likeness || likeness->fair());
  return verdict;
}

GuardNote note_of(const Verdict& verdict, const Guard& guard) {
  return {.helps = verdict.helps,
          .steps = verdict.steps,
          .before = verdict.before,
          .after = verdict.after,
          .low = verdict.low,
          .high = verdict.high,
          .samples = verdict.samples,
          .objective = text_of(guard.objective),
          .distortions = text_of(guard.distortions),
          .moment = std::string(name_of(guard.moment)),
          .fair = !verdict.likeness || verdict.likeness->fair()};
}

void note_refusal(Recipe& recipe, const GuardNote& note) {
  recipe.history.push_back({SleptStage{.steps = 0, .seed = recipe.seed, .guard = note}});
}

}  // namespace hypnos::stages

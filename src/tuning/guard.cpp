// Does this sleep help? Networks sleep, and what they answer is compared (comparison.hpp).

#include "hypnos/guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/parallel.hpp"
#include "hypnos/error.hpp"
#include "hypnos/sleep_batch.hpp"
#include "hypnos/tuning.hpp"
#include "tuning/batch_progress.hpp"
#include "tuning/comparison.hpp"
#include "tuning/judged_answers.hpp"
#include "tuning/largest_error.hpp"
#include "tuning/subject_jobs.hpp"
#include "tuning/train_on.hpp"

namespace hypnos {
namespace {

// Of the samples of all subjects, one after the other: without sleep.
JudgedAnswers answer_before(std::span<const Subject> subjects, const AnswerSheet& sheet,
                            const Judging& judging, const Execution& execution) {
  const std::vector<Progress> progress = execution.progress.share(subjects.size());
  std::vector<JudgedAnswers> answers(subjects.size());
  parallel_for(subjects.size(), execution.threads, [&](std::size_t s, std::size_t) {
    if (judging.moment != Moment::tuned) {
      answers[s] = sheet.ask(s, subjects[s].sleeper.network, progress[s]);
      return;
    }
    Network network = subjects[s].sleeper.network;
    if (!train_on(network, subjects[s], judging.further, judging.noise_seed + s,
                  {.threads = 1, .progress = progress[s]})) {
      throw InputError("training on without sleep diverges; choose a lower learning rate");
    }
    answers[s] = sheet.ask(s, network, progress[s]);
  });
  JudgedAnswers all;
  for (const JudgedAnswers& of_subject : answers) all.append(of_subject);
  return all;
}

// answers[length], of the samples of the job's subject
using AnswersByStep = std::vector<JudgedAnswers>;

// Lets the subjects sleep. The answers after a sleep that ends early, or cannot begin, stay the
// same for all later lengths.
// @throws RateError when no sleep can begin
std::vector<AnswersByStep> answer_after(std::span<const Subject> subjects, const AnswerSheet& sheet,
                                        std::span<const SleepJob> jobs,
                                        const std::vector<std::uint64_t>& lengths,
                                        const Judging& judging, const Execution& execution) {
  std::vector<AnswersByStep> courses(jobs.size());
  std::vector<std::unique_ptr<RateError>> unreachable(jobs.size());  // of each sleep, or null
  const BatchProgress progress(execution.progress,
                               fmt::format("judging by {} networks", subjects.size()));
  const auto look = [&](std::size_t job, const Network& network) {
    const std::size_t subject = jobs[job].sleeper;
    if (judging.moment != Moment::tuned) {
      courses[job].push_back(sheet.ask(subject, network, progress.measuring()));
      return;
    }
    Network trained = network;
    if (!train_on(trained, subjects[subject], judging.further, jobs[job].seed,
                  {.threads = 1, .progress = progress.measuring()})) {
      trained = network;  // what cannot be trained on is worth what sleep made of it
    }
    courses[job].push_back(sheet.ask(subject, trained, progress.measuring()));
  };
  const auto end = [&](std::size_t job, const Network& network) {
    if (courses[job].empty()) look(job, network);
    while (courses[job].size() < lengths.size()) courses[job].push_back(courses[job].back());
  };
  sleep_batch({.sleepers = sleepers_of(subjects), .checkpoints = lengths}, jobs,
              {.checkpoint =
                   [&](std::size_t job, std::uint64_t, const Network& network) {
                     look(job, network);
                     return true;
                   },
               .done = [&](std::size_t job, const Network& network,
                           const SleepReport&) { end(job, network); },
               .unreachable =
                   [&](std::size_t job, const RateError& error) {
                     unreachable[job] = std::make_unique<RateError>(error);
                     end(job, subjects[jobs[job].sleeper].sleeper.network);
                   }},
              {.threads = execution.threads, .progress = progress.sleeping()});
  const bool all = std::none_of(unreachable.begin(), unreachable.end(),
                                [](const auto& error) { return error == nullptr; });
  if (all) throw RateError(*unreachable.front());
  return courses;
}

// Answers after sleeps of this length, [noise seeds], of the samples of all subjects.
std::vector<JudgedAnswers> answers_by_noise(const std::vector<AnswersByStep>& courses,
                                            std::size_t length, std::uint64_t noise_count) {
  std::vector<JudgedAnswers> answers(noise_count);
  for (std::size_t j = 0; j < courses.size(); ++j) {
    // The jobs of a subject follow each other, one for each noise seed.
    answers[j % noise_count].append(courses[j][length]);
  }
  return answers;
}

}  // namespace

Verdict judge_sleep(std::span<const Subject> subjects, const SleepParameters& parameters,
                    const Judging& judging, const Execution& execution) {
  if (judging.noise_seeds == 0) {
    throw ParameterError("noise_seeds", "0 is not a positive whole number");
  }
  if (judging.moment == Moment::tuned && judging.further.updates == 0) {
    throw ParameterError("moment", "tuned needs a number of updates");
  }
  const JudgedLabels truth = labels_of(subjects);
  if (truth.labels.empty()) throw InputError("there are no samples to judge the sleep by");
  if (!judging.sample.empty() && judging.sample.size() != truth.labels.size()) {
    throw InputError("each of the subjects' samples needs its number");
  }
  const Places places = places_of(judging.sample, truth.labels.size());
  const AnswerSheet sheet(subjects, judging.objective, judging.distortions, judging.noise_seed);
  const bool tuned = judging.moment == Moment::tuned;
  // Of the work, about.
  const double part_before = tuned ? 1 / static_cast<double>(1 + judging.noise_seeds) : 0.02;
  const JudgedAnswers before = answer_before(
      subjects, sheet, judging,
      {.threads = execution.threads, .progress = execution.progress.stretch(0, part_before)});
  std::vector<SleepJob> jobs;
  add_subject_jobs(jobs, subjects.size(), parameters,
                   consecutive_seeds(judging.noise_seed, judging.noise_seeds));
  const auto lengths = tuned ? std::vector{parameters.steps} : tuning_checkpoints(parameters.steps);
  const std::vector<AnswersByStep> courses = answer_after(
      subjects, sheet, jobs, lengths, judging,
      {.threads = execution.threads, .progress = execution.progress.stretch(part_before, 1)});
  const bool by_accuracy = judging.objective == Objective();
  std::size_t best = 0;
  double best_improvement = 0;
  std::vector<std::vector<double>> changes;  // [lengths][samples]
  for (std::size_t length = 0; length < lengths.size(); ++length) {
    const auto after = answers_by_noise(courses, length, judging.noise_seeds);
    const Comparison comparison{judging.objective, truth, places, before, after};
    if (by_accuracy) changes.push_back(RightAnswers(comparison).changes());
    const double found = comparison.improvement();
    if (length > 0 && found <= best_improvement) continue;
    best = length;
    best_improvement = found;
  }
  const auto after = answers_by_noise(courses, best, judging.noise_seeds);
  const Comparison comparison{judging.objective, truth, places, before, after};
  if (!by_accuracy) {
    return compare_values(
        comparison, lengths[best], lengths.size(),
        {.threads = execution.threads, .progress = execution.progress.stretch(1, 1)});
  }
  const RightAnswers right(comparison);
  return compare_right(right.before, right.after, lengths[best],
                       quantile_of_largest(std::move(changes), right.classes), right.classes);
}

}  // namespace hypnos

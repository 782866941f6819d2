// Does this sleep help? Each sample i that was kept aside from training has the difference
//   d_i = right after the sleep (mean over the noise) - right before
// The mean of d is the improvement. Its squared standard error is that of the samples, sd(d)^2 / n,
// plus that of the noise, sd(e)^2 / m, where e are the improvements under each of the m noise
// seeds: many samples cannot make up for a noise that happened to help. Of K lengths that with the
// largest improvement is taken. So that this choice cannot make up an improvement, its interval is
// that of confidence 1 - 0.05 / K (Bonferroni).

#include "hypnos/guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "base/parallel.hpp"
#include "hypnos/dataset_prediction.hpp"
#include "hypnos/error.hpp"
#include "hypnos/sleep_batch.hpp"
#include "hypnos/statistics.hpp"
#include "hypnos/tuning.hpp"
#include "tuning/batch_progress.hpp"
#include "tuning/subject_jobs.hpp"

namespace hypnos {
namespace {

// Says of each sample whether the answer is right: 1 or 0.
std::vector<double> right_answers(const Network& network, const Dataset& data,
                                  const Progress& progress) {
  const Prediction prediction = predict(network, data, {.threads = 1, .progress = progress});
  std::vector<double> right;
  right.reserve(data.size());
  for (std::size_t s = 0; s < data.size(); ++s) {
    right.push_back(prediction.answers[s] == data.labels[s] ? 1 : 0);
  }
  return right;
}

// Of the samples of all subjects, one after the other: right without sleep.
std::vector<double> answer_before(std::span<const Subject> subjects, const Execution& execution) {
  const std::vector<Progress> progress = execution.progress.share(subjects.size());
  std::vector<std::vector<double>> right(subjects.size());
  parallel_for(subjects.size(), execution.threads, [&](std::size_t s, std::size_t) {
    right[s] = right_answers(subjects[s].sleeper.network, subjects[s].evaluation, progress[s]);
  });
  std::vector<double> all;
  for (const auto& of_subject : right) all.insert(all.end(), of_subject.begin(), of_subject.end());
  return all;
}

// right[length][sample of the job's subject]
using AnswersByStep = std::vector<std::vector<double>>;

// Lets the subjects sleep. The answers after a sleep that ends early, or cannot begin, stay the
// same for all later lengths.
// @throws RateError when no sleep can begin
std::vector<AnswersByStep> answer_after(std::span<const Subject> subjects,
                                        std::span<const SleepJob> jobs,
                                        const std::vector<std::uint64_t>& lengths,
                                        const Execution& execution) {
  std::vector<AnswersByStep> courses(jobs.size());
  std::vector<std::unique_ptr<RateError>> unreachable(jobs.size());  // of each sleep, or null
  const BatchProgress progress(execution.progress,
                               fmt::format("judging by {} networks", subjects.size()));
  const auto look = [&](std::size_t job, const Network& network) {
    courses[job].push_back(
        right_answers(network, subjects[jobs[job].sleeper].evaluation, progress.measuring()));
  };
  const auto end = [&](std::size_t job, const Network& network) {
    if (courses[job].empty()) look(job, network);
    courses[job].resize(lengths.size(), courses[job].back());
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

// Which samples are right after sleeps of this length, [noise seeds][samples].
std::vector<std::vector<double>> right_by_noise(const std::vector<AnswersByStep>& courses,
                                                std::size_t length, std::uint64_t noise_count) {
  std::vector<std::vector<double>> right(noise_count);
  for (std::size_t j = 0; j < courses.size(); ++j) {
    // The jobs of a subject follow each other, one for each noise seed.
    std::vector<double>& all = right[j % noise_count];
    const std::vector<double>& of_subject = courses[j][length];
    all.insert(all.end(), of_subject.begin(), of_subject.end());
  }
  return right;
}

std::vector<double> mean_over_noise(std::span<const std::vector<double>> right) {
  std::vector<double> mean(right.front().size(), 0.0);
  for (const auto& under_one : right) {
    for (std::size_t i = 0; i < mean.size(); ++i) {
      mean[i] += under_one[i] / static_cast<double>(right.size());
    }
  }
  return mean;
}

double sum(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

// The part of all samples by which each noise seed changes what is right, [noise seeds].
std::vector<double> improvement_by_noise(std::span<const double> before,
                                         std::span<const std::vector<double>> right) {
  std::vector<double> improvements;
  for (const auto& under_one : right) {
    improvements.push_back((sum(under_one) - sum(before)) / static_cast<double>(before.size()));
  }
  return improvements;
}

double squared_error_of_mean(const Summary& values) {
  return values.deviation * values.deviation / static_cast<double>(values.n);
}

double standard_error(const Summary& differences, const Summary& by_noise) {
  // A single sample says nothing about how far samples differ.
  if (differences.n < 2) return std::numeric_limits<double>::infinity();
  const double of_noise = by_noise.n < 2 ? 0 : squared_error_of_mean(by_noise);
  return std::sqrt(squared_error_of_mean(differences) + of_noise);
}

}  // namespace

Verdict compare_answers(std::span<const double> before, std::span<const std::vector<double>> after,
                        std::uint64_t steps, std::size_t choices) {
  if (before.empty()) throw InputError("there are no samples to judge the sleep by");
  if (after.empty() || std::any_of(after.begin(), after.end(), [&](const auto& right) {
        return right.size() != before.size();
      })) {
    throw InputError("each noise seed needs an answer to each sample");
  }
  const Summary differences = summarize(paired_differences(mean_over_noise(after), before));
  const double error = two_sided_quantile(0.05 / static_cast<double>(choices)) *
                       standard_error(differences, summarize(improvement_by_noise(before, after)));
  Verdict verdict{.steps = steps, .before = summarize(before).mean, .samples = before.size()};
  verdict.after = verdict.before + differences.mean;
  // No part of samples can change by more than 1.
  verdict.low = std::max(-1.0, differences.mean - error);
  verdict.high = std::min(1.0, differences.mean + error);
  verdict.helps = verdict.low > 0;
  return verdict;
}

Verdict judge_sleep(std::span<const Subject> subjects, const SleepParameters& parameters,
                    std::uint64_t noise_seed, std::uint64_t noise_count,
                    const Execution& execution) {
  if (noise_count == 0) throw ParameterError("noise_seeds", "0 is not a positive whole number");
  constexpr double part_before = 0.02;  // of the work, about
  const std::vector<double> before = answer_before(
      subjects,
      {.threads = execution.threads, .progress = execution.progress.stretch(0, part_before)});
  if (before.empty()) throw InputError("there are no samples to judge the sleep by");
  std::vector<SleepJob> jobs;
  add_subject_jobs(jobs, subjects.size(), parameters, consecutive_seeds(noise_seed, noise_count));
  const auto lengths = tuning_checkpoints(parameters.steps);
  const std::vector<AnswersByStep> courses = answer_after(
      subjects, jobs, lengths,
      {.threads = execution.threads, .progress = execution.progress.stretch(part_before, 1)});
  Verdict best;
  for (std::size_t length = 0; length < lengths.size(); ++length) {
    const auto after = right_by_noise(courses, length, noise_count);
    const Verdict verdict = compare_answers(before, after, lengths[length], lengths.size());
    if (length == 0 || verdict.improvement() > best.improvement()) best = verdict;
  }
  return best;
}

}  // namespace hypnos

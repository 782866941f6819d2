#include "tuning/evaluator.hpp"

#include <algorithm>

#include "hypnos/training.hpp"

namespace hypnos {

Evaluator::Evaluator(std::span<const Subject> subjects, Objective objective,
                     std::vector<std::uint64_t> checkpoints, unsigned threads)
    : subjects_(subjects),
      objective_(objective),
      checkpoints_(std::move(checkpoints)),
      threads_(threads) {
  for (const Subject& subject : subjects) {
    sleepers_.push_back({.network = subject.network,
                         .maxima = subject.maxima,
                         .mean = subject.mean,
                         .rows = subject.evaluation.shape.rows,
                         .columns = subject.evaluation.shape.columns});
    before_.push_back(score(subject.network, subject.evaluation, objective));
  }
}

SubjectScores Evaluator::evaluate(const SleepParameters& parameters,
                                  std::span<const std::uint64_t> noise_seeds) const {
  std::vector<SleepJob> jobs;
  for (std::size_t s = 0; s < subjects_.size(); ++s) {
    for (const std::uint64_t seed : noise_seeds) {
      jobs.push_back({.sleeper = s, .parameters = parameters, .seed = seed});
    }
  }
  // Where no unit fires for so long, or all do, nothing will come of it any more.
  constexpr std::uint64_t hopeless_steps = 1000;
  const SleepBatch batch = {
      .sleepers = sleepers_, .checkpoints = checkpoints_, .hopeless_steps = hopeless_steps};
  std::vector<std::vector<double>> scores(jobs.size());  // each job's own: no lock is needed
  const auto look = [&](std::size_t job, const Network& network) {
    // The number of threads is one of each thread: the batch has as many as there should be.
    set_threads(1);
    scores[job].push_back(score(network, subjects_[jobs[job].sleeper].evaluation, objective_));
  };
  sleep_batch(batch, jobs, threads_,
              {.checkpoint =
                   [&](std::size_t job, std::uint64_t, const Network& network) {
                     look(job, network);
                     return true;
                   },
               .done =
                   [&](std::size_t job, const Network& network, const SleepReport&) {
                     if (scores[job].size() < checkpoints_.size()) look(job, network);
                     scores[job].resize(checkpoints_.size(), scores[job].back());
                   }});
  SubjectScores mean(subjects_.size(), std::vector<double>(checkpoints_.size(), 0.0));
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    for (std::size_t c = 0; c < checkpoints_.size(); ++c) {
      mean[jobs[j].sleeper][c] += scores[j][c] / static_cast<double>(noise_seeds.size());
    }
  }
  return mean;
}

std::vector<double> mean_over_subjects(const SubjectScores& scores) {
  std::vector<double> mean(scores.front().size(), 0.0);
  for (const auto& subject : scores) {
    for (std::size_t c = 0; c < mean.size(); ++c) {
      mean[c] += subject[c] / static_cast<double>(scores.size());
    }
  }
  return mean;
}

}  // namespace hypnos

#include "tuning/evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hypnos/training.hpp"

namespace hypnos {
namespace {

// Along a sleep the score rises and then falls, if it rises at all. Once it has been well below its
// best at two checkpoints running, the rest is not worth its time, which is the longer the more
// the network has come to fire.
class Decline {
 public:
  explicit Decline(double before) : best_(before) {}

  bool seen(double score) {
    constexpr double well_below = 0.03;
    constexpr int enough = 2;
    best_ = std::max(best_, score);
    below_ = score < best_ - well_below ? below_ + 1 : 0;
    return below_ >= enough;
  }

 private:
  double best_;
  int below_ = 0;
};

}  // namespace

Evaluator::Evaluator(std::span<const Subject> subjects, Objective objective,
                     std::vector<std::uint64_t> checkpoints, unsigned threads)
    : subjects_(subjects),
      objective_(objective),
      checkpoints_(std::move(checkpoints)),
      threads_(threads) {
  for (const Subject& subject : subjects) {
    sleepers_.push_back(sleeper(subject));
    before_.push_back(score(subject.network, subject.evaluation, objective));
  }
}

SubjectScores Evaluator::evaluate(const SleepParameters& parameters,
                                  std::span<const std::uint64_t> noise_seeds) const {
  std::vector<SleepJob> jobs;
  // Each network under noise of its own: the same noise helps or harms all alike, and the search
  // would find what fits that noise.
  for (std::size_t s = 0; s < subjects_.size(); ++s) {
    for (const std::uint64_t seed : noise_seeds) {
      jobs.push_back({.sleeper = s, .parameters = parameters, .seed = seed * subjects_.size() + s});
    }
  }
  // Where no unit fires for so long, or all do, nothing will come of it any more.
  constexpr std::uint64_t hopeless_steps = 1000;
  const SleepBatch batch = {
      .sleepers = sleepers_, .checkpoints = checkpoints_, .hopeless_steps = hopeless_steps};
  std::vector<std::vector<double>> scores(jobs.size());  // each job's own: no lock is needed
  std::vector<Decline> declines;
  declines.reserve(jobs.size());
  for (const SleepJob& job : jobs) declines.emplace_back(before_[job.sleeper]);
  const auto look = [&](std::size_t job, const Network& network) {
    // The number of threads is one of each thread: the batch has as many as there should be.
    set_threads(1);
    scores[job].push_back(score(network, subjects_[jobs[job].sleeper].evaluation, objective_));
    return !declines[job].seen(scores[job].back());
  };
  sleep_batch(batch, jobs, threads_,
              {.checkpoint = [&](std::size_t job, std::uint64_t,
                                 const Network& network) { return look(job, network); },
               .done =
                   [&](std::size_t job, const Network& network, const SleepReport&) {
                     if (scores[job].empty()) look(job, network);
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

std::vector<double> cautious_mean(const SubjectScores& scores, std::span<const double> before) {
  std::vector<double> mean = mean_over_subjects(scores);
  const auto n = static_cast<double>(scores.size());
  const double mean_before = std::accumulate(before.begin(), before.end(), 0.0) / n;
  for (std::size_t c = 0; c < mean.size(); ++c) {
    double squares = 0;
    for (std::size_t s = 0; s < scores.size(); ++s) {
      const double deviation = (scores[s][c] - before[s]) - (mean[c] - mean_before);
      squares += deviation * deviation;
    }
    mean[c] -= std::sqrt(squares / (n - 1) / n);
  }
  return mean;
}

}  // namespace hypnos

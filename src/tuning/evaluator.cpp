#include "tuning/evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "base/parallel.hpp"
#include "hypnos/statistics.hpp"
#include "sleep/dose.hpp"
#include "tuning/batch_progress.hpp"
#include "tuning/subject_jobs.hpp"

namespace hypnos {
namespace {

// Along a sleep the score rises and then falls, if it rises at all. The sleep is ended once the
// score was well below its best at two checkpoints in a row. This saves much time: such networks
// often fire more and more, and each step takes the longer the more units fire.
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

// The scores of one sleep so far. Only one thread touches each of these.
struct Course {
  std::vector<double> scores = {};
  Decline decline;
};

// Waits until all sleeps of a candidate have ended, and all candidates before it are done.
class Queue {
 public:
  Queue(std::size_t candidates, std::size_t sleeps_of_each) : left_(candidates, sleeps_of_each) {}

  /// A sleep of this candidate has ended. `done` is called for each candidate whose turn has come.
  void ended(std::size_t candidate, const std::function<void(std::size_t)>& done) {
    const std::scoped_lock lock(mutex_);
    --left_[candidate];
    while (next_ < left_.size() && left_[next_] == 0) done(next_++);
  }

 private:
  std::mutex mutex_;
  std::vector<std::size_t> left_;  // of each candidate: sleeps that have not ended
  std::size_t next_ = 0;
};

}  // namespace

Evaluator::Evaluator(std::span<const Subject> subjects, SubjectScore score,
                     std::vector<std::uint64_t> checkpoints, std::vector<double> doses,
                     const Execution& execution)
    : subjects_(subjects),
      sleepers_(sleepers_of(subjects)),
      score_(std::move(score)),
      checkpoints_(std::move(checkpoints)),
      doses_(std::move(doses)) {
  before_.resize(subjects.size());
  for (const std::uint64_t steps : checkpoints_) {
    for (const double dose : doses_) points_.push_back({.steps = steps, .dose = dose});
  }
  const auto progress = execution.progress.share(subjects.size());
  parallel_for(subjects.size(), execution.threads, [&](std::size_t s, std::size_t) {
    before_[s] = score_(s, subjects[s], subjects[s].sleeper.network, progress[s]);
  });
}

void Evaluator::evaluate(std::span<const SleepParameters> candidates,
                         std::span<const std::uint64_t> noise_seeds, const ScoreListener& listener,
                         Patience, const Execution& execution) const {
  std::vector<SleepJob> jobs;
  for (const SleepParameters& candidate : candidates) {
    add_subject_jobs(jobs, subjects_.size(), candidate, noise_seeds);
  }
  const std::size_t jobs_of_each = subjects_.size() * noise_seeds.size();
  std::vector<Course> courses;
  courses.reserve(jobs.size());
  for (const SleepJob& job : jobs) courses.push_back({.decline = Decline(before_[job.sleeper])});

  const auto mean_scores = [&](std::size_t candidate) {
    SubjectScores mean(subjects_.size(), std::vector<double>(points_.size(), 0.0));
    for (std::size_t j = candidate * jobs_of_each; j < (candidate + 1) * jobs_of_each; ++j) {
      for (std::size_t c = 0; c < points_.size(); ++c) {
        mean[jobs[j].sleeper][c] += courses[j].scores[c] / static_cast<double>(noise_seeds.size());
      }
    }
    return mean;
  };
  const BatchProgress progress(execution.progress, "trying candidates");
  const auto look = [&](std::size_t job, const Network& network) {
    const Subject& subject = subjects_[jobs[job].sleeper];
    Course& course = courses[job];
    Network dosed;
    double best = 0;
    for (std::size_t d = 0; d < doses_.size(); ++d) {
      if (doses_[d] != 1) {
        const Network& before = subject.sleeper.network;
        go_part_of_the_way(before, network, doses_[d], dosed = before);
      }
      const double found = score_(jobs[job].sleeper, subject, doses_[d] == 1 ? network : dosed,
                                  progress.measuring());
      best = d == 0 ? found : std::max(best, found);
      course.scores.push_back(found);
    }
    return !course.decline.seen(best);
  };
  Queue queue(candidates.size(), jobs_of_each);
  const auto end = [&](std::size_t job, const Network& network) {
    std::vector<double>& scores = courses[job].scores;
    if (scores.empty()) look(job, network);
    for (std::size_t p = scores.size(); p < points_.size(); ++p) {
      scores.push_back(scores[p - doses_.size()]);
    }
    queue.ended(job / jobs_of_each,
                [&](std::size_t candidate) { listener(candidate, mean_scores(candidate)); });
  };
  // Where no unit fires for so long, or all do, nothing will come of it any more.
  constexpr std::uint64_t hopeless_steps = 1000;
  sleep_batch(
      {.sleepers = sleepers_, .checkpoints = checkpoints_, .hopeless_steps = hopeless_steps}, jobs,
      {.checkpoint = [&](std::size_t job, std::uint64_t,
                         const Network& network) { return look(job, network); },
       .done = [&](std::size_t job, const Network& network,
                   const SleepReport&) { end(job, network); },
       .unreachable = [&](std::size_t job,
                          const RateError&) { end(job, sleepers_[jobs[job].sleeper]->network); }},
      {.threads = execution.threads, .progress = progress.sleeping()});
}

SearchCost Evaluator::cost(std::size_t candidates, std::size_t noise_seeds, Patience) const {
  return {.sleeps = candidates * subjects_.size() * noise_seeds};
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
  for (std::size_t c = 0; c < mean.size(); ++c) {
    std::vector<double> after;
    for (const auto& subject : scores) after.push_back(subject[c]);
    const Summary gain = summarize(paired_differences(after, before));
    mean[c] -= gain.deviation / std::sqrt(static_cast<double>(gain.n));
  }
  return mean;
}

}  // namespace hypnos

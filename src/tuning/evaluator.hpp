#pragma once

// Finds out what candidates are worth: how the subjects score along the sleep.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "hypnos/progress.hpp"
#include "hypnos/sleep_batch.hpp"
#include "hypnos/tuning.hpp"

namespace hypnos {

/// Where along a sleep a network is judged, and with which dose.
struct JudgedAt {
  std::uint64_t steps = 0;
  double dose = 1;
};

/// Scores of one candidate: [subjects][points of judgement], mean over the noise.
using SubjectScores = std::vector<std::vector<double>>;

/// Told the scores of each candidate, in the order of the candidates and one at a time, from
/// whichever thread ended the last of its sleeps.
using ScoreListener = std::function<void(std::size_t candidate, const SubjectScores& scores)>;

class Evaluator {
 public:
  /// Scores the subjects without sleep. @throws Stopped
  Evaluator(std::span<const Subject> subjects, Objective objective,
            std::vector<std::uint64_t> checkpoints, std::vector<double> doses,
            const Execution& execution);

  /// Lets each subject sleep by each candidate, once per noise seed, and scores it at each
  /// checkpoint with each dose; all of these sleeps are one batch. A sleep that ends early, or
  /// cannot begin, keeps its last score.
  /// @param candidates each as long as the last checkpoint
  /// @throws Stopped, what the listener throws
  void evaluate(std::span<const SleepParameters> candidates,
                std::span<const std::uint64_t> noise_seeds, const ScoreListener& listener,
                const Execution& execution) const;

  /// Scores without sleep, [subjects].
  const std::vector<double>& before() const { return before_; }
  /// [checkpoints x doses]
  const std::vector<JudgedAt>& points() const { return points_; }

 private:
  std::span<const Subject> subjects_;
  std::vector<const Sleeper*> sleepers_;
  Objective objective_;
  std::vector<std::uint64_t> checkpoints_;
  std::vector<double> doses_;
  std::vector<JudgedAt> points_;
  std::vector<double> before_;
};

/// Mean over the subjects, [points of judgement].
std::vector<double> mean_over_subjects(const SubjectScores& scores);

/// The same less the standard error of the mean gain, sd(score - before) / sqrt(subjects).
/// @param before [subjects], two or more
std::vector<double> cautious_mean(const SubjectScores& scores, std::span<const double> before);

}  // namespace hypnos

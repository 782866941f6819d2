#pragma once

// Finds out what candidates are worth: how the subjects score along the sleep.

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/progress.hpp"
#include "hypnos/sleep_batch.hpp"
#include "hypnos/tuning.hpp"
#include "tuning/candidate_evaluator.hpp"
#include "tuning/subject_score.hpp"

namespace hypnos {

class Evaluator : public CandidateEvaluator {
 public:
  /// Scores the subjects without sleep. Points of judgement are [checkpoints x doses].
  /// @throws Stopped
  Evaluator(std::span<const Subject> subjects, SubjectScore score,
            std::vector<std::uint64_t> checkpoints, std::vector<double> doses,
            const Execution& execution);

  /// Lets each subject sleep by each candidate, once per noise seed, and scores it at each
  /// checkpoint with each dose; all of these sleeps are one batch. A sleep that ends early, or
  /// cannot begin, keeps its last score.
  /// @param candidates each as long as the last checkpoint
  /// @throws Stopped, what the listener throws
  void evaluate(std::span<const SleepParameters> candidates,
                std::span<const std::uint64_t> noise_seeds, const ScoreListener& listener,
                Patience patience, const Execution& execution) const override;
  SearchCost cost(std::size_t candidates, std::size_t noise_seeds,
                  Patience patience) const override;

 private:
  std::span<const Subject> subjects_;
  std::vector<const Sleeper*> sleepers_;
  SubjectScore score_;
  std::vector<std::uint64_t> checkpoints_;
  std::vector<double> doses_;
};

/// Mean over the subjects, [points of judgement].
std::vector<double> mean_over_subjects(const SubjectScores& scores);

/// The same less the standard error of the mean gain, sd(score - before) / sqrt(subjects).
/// @param before [subjects], two or more
std::vector<double> cautious_mean(const SubjectScores& scores, std::span<const double> before);

}  // namespace hypnos

#pragma once

// What a candidate is worth: the subjects' scores along the sleep.

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/sleep_batch.hpp"
#include "hypnos/tuning.hpp"

namespace hypnos {

/// Scores of one candidate: [subjects][checkpoints], mean over the noise.
using SubjectScores = std::vector<std::vector<double>>;

class Evaluator {
 public:
  Evaluator(std::span<const Subject> subjects, Objective objective,
            std::vector<std::uint64_t> checkpoints, unsigned threads);

  /// Sleeps each subject once per noise seed and scores it at each checkpoint. A sleep that ends
  /// early, or cannot begin, keeps its last score.
  /// @param parameters as long as the last checkpoint
  SubjectScores evaluate(const SleepParameters& parameters,
                         std::span<const std::uint64_t> noise_seeds) const;

  /// Scores without sleep, [subjects].
  const std::vector<double>& before() const { return before_; }
  const std::vector<std::uint64_t>& checkpoints() const { return checkpoints_; }

 private:
  std::span<const Subject> subjects_;
  std::vector<Sleeper> sleepers_;
  Objective objective_;
  std::vector<std::uint64_t> checkpoints_;
  unsigned threads_;
  std::vector<double> before_;
};

/// Mean over the subjects, [checkpoints].
std::vector<double> mean_over_subjects(const SubjectScores& scores);

/// The same less the standard error of the mean gain, sd(score - before) / sqrt(subjects).
/// @param before [subjects], two or more
std::vector<double> cautious_mean(const SubjectScores& scores, std::span<const double> before);

}  // namespace hypnos

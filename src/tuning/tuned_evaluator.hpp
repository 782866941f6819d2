#pragma once

// Finds out what candidates are worth in the end: the networks sleep, wake and are trained on.

#include "hypnos/tuning.hpp"
#include "tuning/candidate_evaluator.hpp"
#include "tuning/subject_score.hpp"

namespace hypnos {

/// Successive halving (Jamieson and Talwalkar 2016), by thirds: all candidates are trained on for a
/// ninth of the updates, the best third of them anew for a third of the updates, and the best third
/// of these for all. Each of these trainings goes by a whole schedule.
class TunedEvaluator : public CandidateEvaluator {
 public:
  /// Wakes the subjects and trains them on without sleep, and scores them. @throws Stopped
  /// @param further how they are trained on, for so many updates
  TunedEvaluator(std::span<const Subject> subjects, SubjectScore score,
                 const TrainingOptions& further, const Execution& execution);

  /// A candidate that is cut off scores what it had then, less 10 for each round that it missed. A
  /// network whose training diverges scores the worst.
  void evaluate(std::span<const SleepParameters> candidates,
                std::span<const std::uint64_t> noise_seeds, const ScoreListener& listener,
                Patience patience, const Execution& execution) const override;
  SearchCost cost(std::size_t candidates, std::size_t noise_seeds,
                  Patience patience) const override;

 private:
  struct Round {
    std::uint64_t updates = 0;
    std::size_t candidates = 0;
  };
  std::vector<Round> rounds(std::size_t candidates, Patience patience) const;
  double train_and_score(std::size_t subject, Network network, std::uint64_t updates,
                         std::uint64_t seed, const Progress& progress) const;
  std::vector<SubjectScores> scores_after(std::uint64_t updates,
                                          std::span<const SleepParameters> candidates,
                                          std::span<const std::uint64_t> noise_seeds,
                                          const Execution& execution) const;

  std::span<const Subject> subjects_;
  std::vector<const Sleeper*> sleepers_;
  SubjectScore score_;
  TrainingOptions further_;
};

}  // namespace hypnos

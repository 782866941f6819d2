#pragma once

// What candidates are worth to whole sequences.

#include <vector>

#include "hypnos/sequence_tuning.hpp"
#include "tuning/candidate_evaluator.hpp"

namespace hypnos {

class SequenceEvaluator : public CandidateEvaluator {
 public:
  /// Learns each subject's first task, which all candidates share, and the sequence without sleep.
  /// @throws Stopped; ParameterError when no samples can judge
  SequenceEvaluator(const Sequence& sequence, const Dataset& train,
                    const SequenceSubjects& subjects, const Execution& execution);

  void evaluate(std::span<const SleepParameters> candidates,
                std::span<const std::uint64_t> noise_seeds, const ScoreListener& listener,
                Patience patience, const Execution& execution) const override;
  SearchCost cost(std::size_t candidates, std::size_t noise_seeds,
                  Patience patience) const override;

 private:
  struct Subject {
    std::uint64_t seed;
    Dataset judging;
    SequenceState first;  // when the first task has been learned
  };
  // One candidate on one subject under one noise.
  struct Attempt {
    std::size_t candidate;
    std::size_t subject;
    std::uint64_t noise;
    SequenceState state = {};  // where it was left; nothing learned: at the first task
    double score = 0;
  };
  Sequence sequence_for(const Attempt& attempt, std::span<const SleepParameters> candidates) const;
  void go_on(std::vector<Attempt>& attempts, std::span<const SleepParameters> candidates,
             std::size_t until, const Execution& execution) const;

  const Sequence& sequence_;
  const Dataset& train_;
  std::size_t tasks_;
  std::vector<Subject> subjects_;
};

}  // namespace hypnos

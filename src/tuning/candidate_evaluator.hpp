#pragma once

// What candidates are worth to the subjects: scored along their sleeps (evaluator.hpp), or after
// training on (tuned_evaluator.hpp).

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "hypnos/progress.hpp"
#include "hypnos/sleep_parameters.hpp"

namespace hypnos {

/// Where along a sleep a network is judged, and with which dose; zeros: as the candidate says.
struct JudgedAt {
  std::uint64_t steps = 0;
  double dose = 0;
};

/// Scores of one candidate: [subjects][points of judgement], mean over the noise.
using SubjectScores = std::vector<std::vector<double>>;

/// Told the scores of each candidate, in the order of the candidates and one at a time, from
/// whichever thread ended the last of its sleeps.
using ScoreListener = std::function<void(std::size_t candidate, const SubjectScores& scores)>;

/// What it takes to find out.
struct SearchCost {
  std::uint64_t sleeps = 0;   ///< of one network each
  std::uint64_t updates = 0;  ///< of the weights of one network each
};

/// Whether the hopeless ones of several candidates are cut off early.
enum class Patience { cut_hopeless, all_the_way };

class CandidateEvaluator {
 public:
  CandidateEvaluator() = default;
  CandidateEvaluator(const CandidateEvaluator&) = delete;
  CandidateEvaluator& operator=(const CandidateEvaluator&) = delete;
  virtual ~CandidateEvaluator() = default;

  /// Lets each subject sleep by each candidate, once per noise seed.
  /// @throws Stopped, what the listener throws
  virtual void evaluate(std::span<const SleepParameters> candidates,
                        std::span<const std::uint64_t> noise_seeds, const ScoreListener& listener,
                        Patience patience, const Execution& execution) const = 0;

  /// What evaluate() takes.
  virtual SearchCost cost(std::size_t candidates, std::size_t noise_seeds,
                          Patience patience) const = 0;

  /// Scores without sleep, [subjects].
  const std::vector<double>& before() const { return before_; }
  const std::vector<JudgedAt>& points() const { return points_; }

 protected:
  std::vector<double> before_;
  std::vector<JudgedAt> points_;
};

}  // namespace hypnos

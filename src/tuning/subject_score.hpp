#pragma once

// What a network is worth to a subject: by one of the objectives, or by somebody else's judge.

#include <utility>

#include "hypnos/tuning.hpp"

namespace hypnos {

class SubjectScore {
 public:
  SubjectScore(Objective objective, Judge judge = {})  // NOLINT(google-explicit-constructor)
      : objective_(objective), judge_(std::move(judge)) {}

  /// @param number of the subject
  double operator()(std::size_t number, const Subject& subject, const Network& network,
                    const Progress& progress) const {
    if (judge_) return judge_(number, network);
    return score(network, subject.evaluation, objective_, {.threads = 1, .progress = progress});
  }

  /// Worse than any network.
  double worst() const { return judge_ || objective_ == Objective::cross_entropy ? -1000 : 0; }

 private:
  Objective objective_;
  Judge judge_;
};

}  // namespace hypnos

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "hypnos/tuning.hpp"
#include "tuning/judged_answers.hpp"

namespace hypnos {

/// What a network is worth to a subject: by an objective on its samples, as they are or distorted,
/// or by somebody else's judge.
class SubjectScore {
 public:
  /// @param distortions the score is the mean over them; empty: the samples as they are
  /// @param seed draws them
  SubjectScore(std::span<const Subject> subjects, const Objective& objective,
               std::vector<Distortion> distortions = {}, std::uint64_t seed = 1);
  explicit SubjectScore(Judge judge);

  /// @param number of the subject
  double operator()(std::size_t number, const Subject& subject, const Network& network,
                    const Progress& progress) const;

  /// Less than any network is worth.
  double worst() const;

 private:
  Objective objective_;
  std::shared_ptr<const AnswerSheet> sheet_;  // none where somebody else judges
  Judge judge_;
};

}  // namespace hypnos

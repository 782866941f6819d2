#include "tuning/subject_score.hpp"

#include <utility>

namespace hypnos {

SubjectScore::SubjectScore(std::span<const Subject> subjects, const Objective& objective,
                           std::vector<Distortion> distortions, std::uint64_t seed)
    : objective_(objective),
      sheet_(
          std::make_shared<const AnswerSheet>(subjects, objective, std::move(distortions), seed)) {}

SubjectScore::SubjectScore(Judge judge) : judge_(std::move(judge)) {}

double SubjectScore::operator()(std::size_t number, const Subject& subject, const Network& network,
                                const Progress& progress) const {
  if (judge_) return judge_(number, network);
  return value_of(objective_, sheet_->ask(number, network, progress), labels_of({&subject, 1}));
}

double SubjectScore::worst() const {
  constexpr double worst_of_a_judge = -1000;
  return judge_ ? worst_of_a_judge : worst_value(objective_);
}

}  // namespace hypnos

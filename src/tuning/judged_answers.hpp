#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/distortion.hpp"
#include "hypnos/objective.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/subject.hpp"

namespace hypnos {

/// What networks answer to their subjects' samples, under each distortion.
struct JudgedAnswers {
  struct Set {
    double weight = 1;                   ///< of the distortion
    std::vector<std::uint32_t> answers;  ///< [samples]
    std::vector<double> logits;          ///< [samples x classes] after waking; empty: not needed
  };
  std::vector<Set> sets;  ///< [distortions]

  /// Adds those to the samples of another subject.
  void append(const JudgedAnswers& others);
};

/// Asks networks for their answers.
class AnswerSheet {
 public:
  /// @param distortions empty: samples as they are
  /// @param seed draws them
  AnswerSheet(std::span<const Subject> subjects, const Objective& objective,
              std::vector<Distortion> distortions, std::uint64_t seed);

  /// @param number of the subject
  JudgedAnswers ask(std::size_t number, const Network& network, const Progress& progress) const;

 private:
  std::span<const Subject> subjects_;
  bool with_logits_;
  std::vector<Distortion> distortions_;
  std::uint64_t seed_;
  std::vector<std::vector<Dataset>>
      distorted_;  // [subjects][distortions]; of adversarial ones none
};

/// The true classes of the samples of all subjects, one after the other.
struct JudgedLabels {
  std::vector<std::uint32_t> labels;
  std::size_t classes = 0;
};
JudgedLabels labels_of(std::span<const Subject> subjects);

/// What the answers are worth: the weighted mean over the distortions.
double value_of(const Objective& objective, const JudgedAnswers& answers,
                const JudgedLabels& truth);

/// What the answers of some of the samples are worth.
/// @param samples may name one several times
double value_of(const Objective& objective, const JudgedAnswers& answers, const JudgedLabels& truth,
                std::span<const std::uint32_t> samples);

/// Of each sample the part of the distortions, by their weights, under which its answer is right.
std::vector<double> part_right(const JudgedAnswers& answers, const JudgedLabels& truth);

}  // namespace hypnos

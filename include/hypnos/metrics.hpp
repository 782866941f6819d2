#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hypnos {

/// How often each class was answered as each: counts [classes x classes], row-major,
/// rows the true class, columns the answer.
struct ConfusionMatrix {
  std::size_t classes = 0;
  std::vector<std::uint64_t> counts;

  std::uint64_t at(std::size_t truth, std::size_t answer) const {
    return counts[truth * classes + answer];
  }
};

/// How well one class is recognized.
struct ClassMetrics {
  std::uint64_t samples = 0;   ///< of this class
  std::uint64_t answered = 0;  ///< samples of any class answered as this one
  double precision = 0;        ///< right ones among those answered so; 0 if there are none
  double recall = 0;           ///< right ones among those of this class; 0 if there are none
  double f1 = 0;               ///< harmonic mean of the two; 0 if both are 0
};

/// What the probabilities softmax(logits) are worth.
struct ProbabilityMetrics {
  double cross_entropy = 0;  ///< mean of -log p of the true class [nats]
  /// Expected calibration error (Naeini et al. 2015; Guo et al. 2017): samples are sorted into 15
  /// bins by the probability of their answer, (0, 1/15] to (14/15, 1]; the mean over all samples of
  /// the difference between that and the part that is right, both of the sample's bin.
  double calibration_error = 0;
  /// Mean area under the ROC curve of each class that occurs against all others, by the odds of the
  /// class; of two classes both areas are the same. Nothing where only one class occurs.
  std::optional<double> roc_area = {};
};

/// Quality of a set of answers. Recalls are of the classes that occur in the samples. The mean of
/// the F1s is over those that occur in the samples or are answered, as scikit-learn has it.
struct Metrics {
  std::uint64_t samples = 0;
  double accuracy = 0;           ///< right answers among all
  double balanced_accuracy = 0;  ///< mean of the recalls
  double macro_f1 = 0;           ///< mean of the F1s
  double geometric_mean = 0;     ///< of the recalls; 0 as soon as one class is never recognized
  double worst_recall = 0;       ///< smallest of the recalls
  ConfusionMatrix confusion;
  std::vector<ClassMetrics> per_class;
  /// Where there are outputs, and not answers alone: what they are worth as probabilities.
  std::optional<ProbabilityMetrics> probabilities = {};
};

/// The same of distorted samples.
struct DistortedMetrics {
  std::string distortion;  ///< "blur=2.5"
  Metrics metrics;
};

/// @param truth, answers [samples], each below `classes`
/// @throws InputError when there are no samples, the lengths differ, or a class is out of range.
Metrics measure(std::span<const std::uint32_t> truth, std::span<const std::uint32_t> answers,
                std::size_t classes);

/// @param logits [samples x classes], row-major, all finite
/// @throws InputError as measure()
ProbabilityMetrics measure_probabilities(std::span<const std::uint32_t> truth,
                                         std::span<const double> logits, std::size_t classes);

/// Area under the ROC curve: how likely a sample of class 1 has a larger score than one of class 0;
/// equal ones count half. Nothing when only one class occurs.
/// @param truth [samples], each 0 or 1
/// @param scores [samples], all finite
std::optional<double> roc_area(std::span<const std::uint32_t> truth,
                               std::span<const double> scores);

}  // namespace hypnos

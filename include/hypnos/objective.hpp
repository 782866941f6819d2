#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hypnos/metrics.hpp"
#include "hypnos/names.hpp"

namespace hypnos {

/// A number that says how good answers are.
enum class Measure {
  accuracy,           ///< part of the samples that is right
  balanced_accuracy,  ///< mean of the recalls of the classes
  macro_f1,           ///< mean of their F1s
  geometric_mean,     ///< of their recalls
  worst_class,        ///< smallest of their recalls
  recall,             ///< mean of the recalls of the classes that are named
  roc_area,           ///< mean area under the ROC curve of each class against the others
  cross_entropy,      ///< of probabilities after waking; an error: it counts negatively
  calibration_error,  ///< likewise
};
template <>
inline constexpr Name<Measure> names_of<Measure>[] = {
    {Measure::accuracy, "accuracy"},
    {Measure::balanced_accuracy, "balanced-accuracy"},
    {Measure::macro_f1, "macro-f1"},
    {Measure::geometric_mean, "geometric-mean"},
    {Measure::worst_class, "worst-class"},
    {Measure::recall, "recall"},
    {Measure::roc_area, "roc-area"},
    {Measure::cross_entropy, "cross-entropy"},
    {Measure::calibration_error, "calibration-error"}};

/// By what networks are compared; more is better: a weighted sum of measures, in which errors count
/// negatively.
struct Objective {
  struct Term {
    Measure measure = Measure::accuracy;
    double weight = 1;
    std::vector<std::uint32_t> classes = {};  ///< of Measure::recall

    bool operator==(const Term&) const = default;
  };
  std::vector<Term> terms = {{}};

  Objective() = default;
  Objective(Measure measure)
      : terms{{.measure = measure}} {}  // NOLINT(google-explicit-constructor)
  bool operator==(const Objective&) const = default;
};

/// Reads "accuracy", "recall:3,5", or "0.5*accuracy+0.5*recall:3".
/// @throws ParameterError("objective")
Objective read_objective(std::string_view text);

/// What read_objective() reads.
std::string text_of(const Objective& objective);

/// Whether it needs outputs, and not answers alone.
bool needs_probabilities(const Objective& objective);

/// What it is worth.
/// @throws InputError where the samples say nothing about it: a class that is named does not occur,
///   or only one occurs, or there are answers alone and it needs probabilities.
double value_of(const Objective& objective, const Metrics& metrics);

/// Less than any network is worth.
double worst_value(const Objective& objective);

}  // namespace hypnos

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/guard.hpp"
#include "tuning/judged_answers.hpp"

namespace hypnos {

/// The places of each sample among the samples of all subjects.
using Places = std::vector<std::vector<std::uint32_t>>;

/// @param sample of each place its sample's number; empty: all differ
/// @param count of the places
Places places_of(std::span<const std::uint32_t> sample, std::size_t count);

/// Answers before and after a sleep, of the samples of all subjects.
struct Comparison {
  const Objective& objective;
  const JudgedLabels& truth;
  const Places& places;
  const JudgedAnswers& before;
  const std::vector<JudgedAnswers>& after;  ///< [noise seeds]

  /// By how much the objective rises, the mean over the noise.
  double improvement() const;
  /// By how much each noise improves these samples.
  std::vector<double> improvements(std::span<const std::uint32_t> samples) const;
};

/// Whether each sample is answered rightly, before a sleep and after it.
struct RightAnswers {
  explicit RightAnswers(const Comparison& comparison);
  /// [samples], means over the noise
  std::vector<double> changes() const;

  std::vector<double> before;              ///< [samples]
  std::vector<std::vector<double>> after;  ///< [noise seeds][samples]
  std::vector<std::uint32_t> classes;      ///< [samples]
};

/// The same as compare_answers(), with an interval of so many standard errors.
Verdict compare_right(std::span<const double> before, std::span<const std::vector<double>> after,
                      std::uint64_t steps, double quantile, std::span<const std::uint32_t> classes);

/// The same as compare_answers() for numbers that are no mean over samples: how far samples make
/// the improvement differ is seen by drawing them again. What classes of fewer than six samples
/// gain is not shown by so few: the interval reaches to where they gain nothing.
Verdict compare_values(const Comparison& comparison, std::uint64_t steps, std::size_t choices,
                       const Execution& execution);

}  // namespace hypnos

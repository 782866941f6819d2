#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hypnos {

/// How the units of one layer respond to samples of several classes.
struct ResponseSummary {
  std::size_t units = 0;
  double active = 0;  ///< part of the responses (of a unit to a sample) that are above 0
  /// (1 - (sum|r| / n)^2 / (sum r^2 / n)) / (1 - 1 / n) over the n units (Treves & Rolls 1991;
  /// Vinje & Gallant 2000), mean over the samples with a response: 0 when all units respond alike,
  /// 1 when one alone does.
  double sparsity = 0;
  double hoyer = 0;  ///< likewise, of WeightSummary::sparsity
  /// Pearson's correlation over units of the mean responses to two classes, [classes x classes];
  /// NaN where the response to a class is missing, or the same of all units.
  std::vector<double> correlations = {};
  double class_correlation = 0;  ///< mean of those of different classes; NaN when there is none
};

/// Takes responses as they come, and keeps sums.
class ResponseStatistics {
 public:
  ResponseStatistics(std::size_t units, std::size_t classes);

  /// @param responses [samples x units], row-major
  /// @param labels [samples], each below `classes`
  void add(std::span<const float> responses, std::span<const std::uint32_t> labels);

  ResponseSummary summary() const;

 private:
  std::vector<double> correlations() const;

  std::size_t units_;
  std::size_t classes_;
  std::size_t samples_ = 0;
  std::size_t answered_ = 0;  // samples with a response
  std::size_t active_ = 0;
  double sparsity_ = 0;
  double hoyer_ = 0;
  std::vector<std::size_t> class_samples_;  // [classes]
  std::vector<double> class_sums_;          // [classes x units]
};

}  // namespace hypnos

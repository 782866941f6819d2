#pragma once

// Classifiers in closed form, by statistics that are kept instead of images: of each class the
// number of samples and their mean, and one covariance.

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// Counts, means and, if it is asked for, the covariance within the classes.
class ClassStatistics {
 public:
  ClassStatistics(std::size_t classes, std::size_t features, bool with_covariance);

  void add(const Dataset& data, std::span<const std::uint32_t> samples,
           const Progress& progress = {});

  /// The class with the nearest mean; classes that were not seen are no answer.
  std::vector<std::uint32_t> nearest_means(const Dataset& data,
                                           const Progress& progress = {}) const;

  /// Linear discriminant analysis as Hayes and Kanan (2020) have it: the scores are
  /// mean^T P x - mean^T P mean / 2 with P = ((1 - ridge) covariance + ridge I)^-1.
  /// @throws InputError when that is not positive definite
  std::vector<std::uint32_t> discriminant(const Dataset& data, double ridge,
                                          const Progress& progress = {}) const;

 private:
  std::vector<double> mean(std::size_t label) const;
  std::vector<std::uint32_t> seen() const;

  std::size_t features_;
  std::vector<std::uint64_t> counts_;  // [classes]
  std::vector<double> sums_;           // [classes x features]
  std::vector<double> squares_;        // sum of x x^T over all samples; or empty
};

/// The ridge with the most right answers on every fifth of the samples, by the statistics of the
/// others.
double choose_ridge(const Dataset& data, std::span<const std::vector<std::uint32_t>> tasks,
                    const Progress& progress = {});

}  // namespace hypnos

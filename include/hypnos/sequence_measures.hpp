#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hypnos/metrics.hpp"

namespace hypnos {

/// Accuracies on the test images of each task, argmax over all outputs, when one of them had been
/// learned.
struct TaskAccuracies {
  std::size_t learned = 0;         ///< how many tasks
  std::vector<double> before;      ///< [tasks], before the sleep after it, if there was one
  std::vector<double> slept = {};  ///< [tasks], after that sleep; empty: there was none

  /// As the next task finds the network.
  const std::vector<double>& last() const { return slept.empty() ? before : slept; }
  bool operator==(const TaskAccuracies&) const = default;
};

/// What is left of each task in the end. R[k][j] is the accuracy on task j when k had been learned
/// (and slept on).
struct SequenceMeasures {
  double mean_accuracy = 0;  ///< ACC: mean of R[T][j] (Lopez-Paz and Ranzato 2017)
  /// BWT: mean over j < T of R[T][j] - R[j][j] (as above).
  std::optional<double> backward_transfer = {};
  /// Mean over j < T of max over l < T of R[l][j], less R[T][j] (Chaudhry et al. 2018).
  std::optional<double> forgetting = {};
  /// Mean of R[j][j]: how well each was learned. Empty, as the two above, where all tasks were
  /// learned at once.
  std::optional<double> learning_accuracy = {};
};

/// @param rows one for each task, or a single one when all were learned at once
/// @pre !rows.empty()
SequenceMeasures measures_of(std::span<const TaskAccuracies> rows);

/// Accuracy on the samples of each task: its recall over its classes together.
std::vector<double> task_accuracies(const Metrics& metrics,
                                    std::span<const std::vector<std::uint32_t>> tasks);

}  // namespace hypnos

#pragma once

#include <cstddef>
#include <span>

namespace hypnos {

/// The weights of one layer in a few numbers.
struct WeightSummary {
  double mean = 0;
  double deviation = 0;  ///< of the weights themselves, with n
  double low = 0;
  double high = 0;
  double positive = 0;  ///< part of the weights that are above 0
  /// (sqrt(n) - sum|w| / sqrt(sum w^2)) / (sqrt(n) - 1) (Hoyer 2004): 0 when all are equally large,
  /// 1 when all but one are 0, whatever their scale; 0 when all are 0.
  double sparsity = 0;
};

/// How many weights of a layer a sleep has changed.
struct WeightChange {
  std::size_t strengthened = 0;  ///< larger than before
  std::size_t weakened = 0;      ///< smaller than before
};

/// @pre not empty
WeightSummary summarize_weights(std::span<const float> weights);

/// @pre as many weights after as before, in the same order
WeightChange compare_weights(std::span<const float> before, std::span<const float> after);

}  // namespace hypnos

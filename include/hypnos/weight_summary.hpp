#pragma once

#include <cstddef>
#include <span>
#include <vector>

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

/// How many weights of a layer a sleep has changed, and how the change is spread over them.
struct WeightChange {
  std::size_t strengthened = 0;           ///< larger than before
  std::size_t weakened = 0;               ///< smaller than before
  std::size_t strengthened_strongly = 0;  ///< by more than the deviation of the weights before
  std::size_t weakened_strongly = 0;
  double size = 0;              ///< mean of |dw|
  double largest_increase = 0;  ///< dw; 0 when nothing has become larger
  double largest_decrease = 0;  ///< -dw; 0 when nothing has become smaller
  double of_top_1pct = 0;  ///< part of all change, sum |dw|, that the largest 1% of changes make up
  double of_top_10pct = 0;  ///< likewise the largest 10%; 0 when nothing has changed
};

/// How many weights lie where: bins of equal width, the last one with its upper end.
struct WeightHistogram {
  double low = 0;   ///< lower end of the first bin
  double high = 0;  ///< upper end of the last
  std::vector<std::size_t> counts = {};
};

/// @pre not empty
WeightSummary summarize_weights(std::span<const float> weights);

/// @pre as many weights after as before, in the same order
WeightChange compare_weights(std::span<const float> before, std::span<const float> after);

/// @pre low <= high, bins > 0, and no weight outside
WeightHistogram count_weights(std::span<const float> weights, double low, double high,
                              std::size_t bins);

}  // namespace hypnos

// The area under the ROC curve by ranks (Mann and Whitney 1947): with the ranks r of the n1 scores
// of class 1 among all, equal scores sharing their mean rank,
//   area = (sum of r - n1 (n1 + 1) / 2) / (n1 n0)

#include <algorithm>
#include <cassert>
#include <numeric>
#include <vector>

#include "hypnos/metrics.hpp"

namespace hypnos {

std::optional<double> roc_area(std::span<const std::uint32_t> truth,
                               std::span<const double> scores) {
  assert(truth.size() == scores.size());
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  double ones = 0;
  double ranks = 0;  // of class 1
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    double ones_here = 0;
    for (; end < order.size() && scores[order[end]] == scores[order[first]]; ++end) {
      ones_here += truth[order[end]] == 1 ? 1 : 0;
    }
    // Ranks count from 1: these samples have first + 1 to end.
    ranks += ones_here * static_cast<double>(first + 1 + end) / 2;
    ones += ones_here;
    first = end;
  }
  const double zeros = static_cast<double>(scores.size()) - ones;
  if (ones == 0 || zeros == 0) return std::nullopt;
  return (ranks - ones * (ones + 1) / 2) / (ones * zeros);
}

}  // namespace hypnos

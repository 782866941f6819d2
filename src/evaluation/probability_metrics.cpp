#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/portable_math.hpp"
#include "hypnos/error.hpp"
#include "hypnos/metrics.hpp"

namespace hypnos {
namespace {

constexpr std::size_t bins = 15;

// The samples whose answers are about as probable.
struct Bin {
  double probability = 0;  // sum over the samples
  double right = 0;
};

double log_of_sum(std::span<const double> logits) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const double z : logits) sum += portable::exp(z - largest);
  return largest + portable::log(sum);
}

// log p / (1 - p) of each class. It keeps its order where probabilities round to 0 or 1.
void log_odds(std::span<const double> logits, std::span<double> odds) {
  const auto answer = std::max_element(logits.begin(), logits.end()) - logits.begin();
  const auto best = static_cast<std::size_t>(answer);
  double second = -INFINITY;
  for (std::size_t c = 0; c < logits.size(); ++c) {
    if (c != best) second = std::max(second, logits[c]);
  }
  double below_second = 0;  // sum of exp(z - second) over all but the largest
  double all = 1;           // sum of exp(z - largest)
  for (std::size_t c = 0; c < logits.size(); ++c) {
    if (c == best) continue;
    below_second += portable::exp(logits[c] - second);
    odds[c] = portable::exp(logits[c] - logits[best]);
    all += odds[c];
  }
  for (std::size_t c = 0; c < logits.size(); ++c) {
    // Without the class the largest is still among the others, so that nothing cancels.
    odds[c] = c == best ? logits[c] - second - portable::log(below_second)
                        : logits[c] - logits[best] - portable::log(all - odds[c]);
  }
}

std::optional<double> mean_roc_area(std::span<const std::uint32_t> truth,
                                    std::span<const double> logits, std::size_t classes) {
  std::vector<double> all_odds(logits.size());
  for (std::size_t s = 0; s < truth.size(); ++s) {
    log_odds(logits.subspan(s * classes, classes),
             std::span(all_odds).subspan(s * classes, classes));
  }
  std::vector<std::uint32_t> is_class(truth.size());
  std::vector<double> odds(truth.size());
  double sum = 0;
  double occurring = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    for (std::size_t s = 0; s < truth.size(); ++s) {
      is_class[s] = truth[s] == c ? 1 : 0;
      odds[s] = all_odds[s * classes + c];
    }
    const std::optional<double> area = roc_area(is_class, odds);
    if (!area) continue;
    sum += *area;
    ++occurring;
  }
  return occurring > 0 ? std::optional(sum / occurring) : std::nullopt;
}

}  // namespace

ProbabilityMetrics measure_probabilities(std::span<const std::uint32_t> truth,
                                         std::span<const double> logits, std::size_t classes) {
  if (truth.empty()) throw InputError("there are no samples to measure");
  if (classes < 2 || logits.size() != truth.size() * classes) {
    throw InputError(fmt::format("{} logits for {} samples of {} classes", logits.size(),
                                 truth.size(), classes));
  }
  ProbabilityMetrics found;
  std::array<Bin, bins> calibration{};
  for (std::size_t s = 0; s < truth.size(); ++s) {
    const auto z = logits.subspan(s * classes, classes);
    const double normalizer = log_of_sum(z);
    found.cross_entropy += normalizer - z[truth[s]];
    const auto answer = std::max_element(z.begin(), z.end());
    const double probability = portable::exp(*answer - normalizer);
    // Bins are open below and closed above.
    const double place = std::ceil(probability * double{bins}) - 1;
    Bin& bin = calibration.at(static_cast<std::size_t>(std::clamp(place, 0.0, bins - 1.0)));
    bin.probability += probability;
    bin.right += answer - z.begin() == static_cast<std::ptrdiff_t>(truth[s]) ? 1 : 0;
  }
  const auto samples = static_cast<double>(truth.size());
  found.cross_entropy /= samples;
  for (const Bin& bin : calibration) {
    found.calibration_error += std::abs(bin.probability - bin.right) / samples;
  }
  found.roc_area = mean_roc_area(truth, logits, classes);
  return found;
}

}  // namespace hypnos

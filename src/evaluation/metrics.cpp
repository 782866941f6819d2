#include "hypnos/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/memory.hpp"
#include "base/portable_math.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

ClassMetrics measure_class(const ConfusionMatrix& confusion, std::size_t label) {
  ClassMetrics m;
  for (std::size_t other = 0; other < confusion.classes; ++other) {
    m.samples += confusion.at(label, other);
    m.answered += confusion.at(other, label);
  }
  const std::uint64_t right = confusion.at(label, label);
  m.precision = ratio(right, m.answered);
  m.recall = ratio(right, m.samples);
  m.f1 = ratio(2 * right, m.samples + m.answered);
  return m;
}

}  // namespace

Metrics measure(std::span<const std::uint32_t> truth, std::span<const std::uint32_t> answers,
                std::size_t classes) {
  if (truth.empty()) throw InputError("there are no samples to measure");
  if (truth.size() != answers.size()) {
    throw InputError(fmt::format("{} answers for {} samples", answers.size(), truth.size()));
  }
  require_memory(
      static_cast<double>(classes) * static_cast<double>(classes) * sizeof(std::uint64_t),
      fmt::format("the confusions of {} classes", classes));
  Metrics m;
  m.samples = truth.size();
  m.confusion = {.classes = classes, .counts = std::vector<std::uint64_t>(classes * classes, 0)};
  std::uint64_t right = 0;
  for (std::size_t s = 0; s < truth.size(); ++s) {
    const std::uint32_t largest = std::max(truth[s], answers[s]);
    if (largest >= classes) {
      throw InputError(
          fmt::format("class {} among {} classes (0 to {})", largest, classes, classes - 1));
    }
    ++m.confusion.counts[truth[s] * classes + answers[s]];
    right += truth[s] == answers[s] ? 1 : 0;
  }
  m.accuracy = ratio(right, m.samples);

  double occurring = 0;  // in the samples
  double seen = 0;       // in the samples or the answers
  double log_recalls = 0;
  m.worst_recall = 1;
  for (std::size_t c = 0; c < classes; ++c) {
    m.per_class.push_back(measure_class(m.confusion, c));
    const ClassMetrics& of_class = m.per_class.back();
    if (of_class.samples + of_class.answered == 0) continue;
    ++seen;
    m.macro_f1 += of_class.f1;
    if (of_class.samples == 0) continue;
    ++occurring;
    m.balanced_accuracy += of_class.recall;
    m.worst_recall = std::min(m.worst_recall, of_class.recall);
    log_recalls += portable::log(of_class.recall);  // log 0 is -infinity, and exp of it 0 again
  }
  m.balanced_accuracy /= occurring;
  m.macro_f1 /= seen;
  m.geometric_mean = portable::exp(log_recalls / occurring);
  return m;
}

}  // namespace hypnos

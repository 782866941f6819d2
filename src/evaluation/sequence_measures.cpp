#include "hypnos/sequence_measures.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace hypnos {
namespace {

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

SequenceMeasures measures_of(std::span<const TaskAccuracies> rows) {
  assert(!rows.empty());
  const std::vector<double>& last = rows.back().last();
  SequenceMeasures measures{.mean_accuracy = mean_of(last)};
  const std::size_t tasks = last.size();
  if (rows.size() != tasks) return measures;
  std::vector<double> learned;
  std::vector<double> transfer;
  std::vector<double> lost;
  for (std::size_t j = 0; j < tasks; ++j) {
    learned.push_back(rows[j].last()[j]);
    if (j + 1 == tasks) break;
    transfer.push_back(last[j] - learned[j]);
    double best = 0;
    for (std::size_t k = 0; k + 1 < tasks; ++k) best = std::max(best, rows[k].last()[j]);
    lost.push_back(best - last[j]);
  }
  measures.learning_accuracy = mean_of(learned);
  if (tasks > 1) {
    measures.backward_transfer = mean_of(transfer);
    measures.forgetting = mean_of(lost);
  }
  return measures;
}

std::vector<double> task_accuracies(const Metrics& metrics,
                                    std::span<const std::vector<std::uint32_t>> tasks) {
  std::vector<double> accuracies;
  for (const auto& classes : tasks) {
    std::uint64_t right = 0;
    std::uint64_t samples = 0;
    for (const std::uint32_t label : classes) {
      right += metrics.confusion.at(label, label);
      samples += metrics.per_class[label].samples;
    }
    accuracies.push_back(samples == 0 ? 0
                                      : static_cast<double>(right) / static_cast<double>(samples));
  }
  return accuracies;
}

}  // namespace hypnos

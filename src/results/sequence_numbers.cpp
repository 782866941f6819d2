#include "results/sequence_numbers.hpp"

#include <array>

namespace hypnos {
namespace {

template <auto member>
std::optional<double> measured(const StoredTrial& trial) {
  if (!trial.outcome.sequence) return std::nullopt;
  return measures_of(trial.outcome.sequence->rows).*member;
}

constexpr std::array<SequenceNumber, 5> numbers_of_sequences = {
    {{"accuracy", final_accuracy},
     {"mean of tasks", measured<&SequenceMeasures::mean_accuracy>},
     {"learning accuracy", measured<&SequenceMeasures::learning_accuracy>},
     {"backward transfer", measured<&SequenceMeasures::backward_transfer>},
     {"forgetting", measured<&SequenceMeasures::forgetting>}}};

}  // namespace

std::span<const SequenceNumber> sequence_numbers() {
  return numbers_of_sequences;
}

std::optional<double> final_accuracy(const StoredTrial& trial) {
  const Outcome& outcome = trial.outcome;
  const Metrics* metrics = outcome.metrics_at(after_sleep);
  if (metrics == nullptr) metrics = outcome.metrics_at(before_sleep);
  return metrics == nullptr ? std::nullopt : std::optional(metrics->accuracy);
}

bool is_sequence(const TrialGroup& group) {
  return group.trials.front()->configuration.contains("sequence");
}

std::vector<double> values_of(const TrialGroup& group, const SequenceNumber& number) {
  std::vector<double> values;
  for (const StoredTrial* trial : group.trials) {
    if (const auto value = number.value(*trial)) values.push_back(*value);
  }
  return values;
}

}  // namespace hypnos

#include "results/sequences_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "results/caption.hpp"

namespace hypnos {
namespace {

// The accuracy on all test samples in the end.
std::optional<double> final_accuracy(const StoredTrial& trial) {
  const Outcome& outcome = trial.outcome;
  const Metrics* metrics = outcome.metrics_at(after_sleep);
  if (metrics == nullptr) metrics = outcome.metrics_at(before_sleep);
  return metrics == nullptr ? std::nullopt : std::optional(metrics->accuracy);
}

struct Column {
  const char* head;
  std::optional<double> (*value)(const StoredTrial&);
};

template <auto member>
std::optional<double> measured(const StoredTrial& trial) {
  if (!trial.outcome.sequence) return std::nullopt;
  return measures_of(trial.outcome.sequence->rows).*member;
}

constexpr std::array<Column, 5> columns_of_measures = {
    {{"accuracy", final_accuracy},
     {"mean of tasks", measured<&SequenceMeasures::mean_accuracy>},
     {"learning accuracy", measured<&SequenceMeasures::learning_accuracy>},
     {"backward transfer", measured<&SequenceMeasures::backward_transfer>},
     {"forgetting", measured<&SequenceMeasures::forgetting>}}};

std::string mean_cell(const TrialGroup& group, const Column& column) {
  std::vector<double> values;
  for (const StoredTrial* trial : group.trials) {
    if (const auto value = column.value(*trial)) values.push_back(*value);
  }
  const Summary s = summarize(values);
  if (s.n == 0) return "";
  const std::string spread = s.n > 1 ? fmt::format(" ± {:.3f}", s.deviation) : "";
  const std::string count = s.n == group.trials.size() ? "" : fmt::format(" (n {})", s.n);
  return fmt::format("{:.3f}{}{}", s.mean, spread, count);
}

std::string images_cell(const TrialGroup& group) {
  for (const StoredTrial* trial : group.trials) {
    if (const auto& sequence = trial->outcome.sequence) {
      if (sequence->reads_old) return "all";
      return std::to_string(sequence->stored);
    }
  }
  return "";
}

}  // namespace

std::vector<TrialGroup> sequences_in(const std::vector<TrialGroup>& groups) {
  std::vector<TrialGroup> sequences;
  std::copy_if(groups.begin(), groups.end(), std::back_inserter(sequences),
               [](const TrialGroup& group) {
                 return group.trials.front()->configuration.contains("sequence");
               });
  return sequences;
}

Cells sequences_table(const std::vector<TrialGroup>& groups, const Columns& columns,
                      const Progress& progress) {
  Cells rows;
  std::vector<std::string> head = columns.varying;
  head.insert(head.end(), {"n", "old images read"});
  for (const Column& column : columns_of_measures) head.emplace_back(column.head);
  rows.push_back(std::move(head));
  for (const TrialGroup& group : groups) {
    progress.tell(static_cast<double>(rows.size() - 1) / static_cast<double>(groups.size()));
    std::vector<std::string> row;
    for (const std::string& key : columns.varying) {
      row.push_back(choice_text(group.choices.value(key, Json())));
    }
    row.push_back(std::to_string(group.trials.size()));
    row.push_back(images_cell(group));
    for (const Column& column : columns_of_measures) row.push_back(mean_cell(group, column));
    rows.push_back(std::move(row));
  }
  return without_empty_columns(rows);
}

std::string sequences_caption(const std::vector<TrialGroup>& groups, const Columns& columns) {
  return "Tasks in sequence: test accuracy on all classes in the end, mean ± standard deviation "
         "over n seeds; how well each task was learned when it was (learning accuracy), and what "
         "was lost of it since (backward transfer, forgetting)." +
         shared_choices(groups, columns);
}

}  // namespace hypnos

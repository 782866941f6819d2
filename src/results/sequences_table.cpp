#include "results/sequences_table.hpp"

#include <algorithm>

#include "results/caption.hpp"
#include "results/sequence_numbers.hpp"

namespace hypnos {
namespace {

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
  std::copy_if(groups.begin(), groups.end(), std::back_inserter(sequences), is_sequence);
  return sequences;
}

Cells sequences_table(const std::vector<TrialGroup>& groups, const Columns& columns,
                      const Progress& progress) {
  Cells rows;
  std::vector<std::string> head = columns.varying;
  head.insert(head.end(), {"n", "old images read"});
  for (const SequenceNumber& number : sequence_numbers()) head.emplace_back(number.name);
  rows.push_back(std::move(head));
  for (const TrialGroup& group : groups) {
    progress.tell(static_cast<double>(rows.size() - 1) / static_cast<double>(groups.size()));
    std::vector<std::string> row = choice_cells(group, columns);
    row.push_back(std::to_string(group.trials.size()));
    row.push_back(images_cell(group));
    for (const SequenceNumber& number : sequence_numbers()) {
      row.push_back(summary_cell(summarize(values_of(group, number)), group.trials.size()));
    }
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

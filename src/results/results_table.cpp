#include "results/results_table.hpp"

#include <fmt/format.h>

#include <array>

namespace hypnos {
namespace {

struct MomentColumn {
  const char* moment;
  const char* head;
};
constexpr std::array<MomentColumn, 4> moment_columns = {{{before_sleep, "before"},
                                                         {after_sleep, "after sleep"},
                                                         {after_finetuning, "after fine-tuning"},
                                                         {control, "control"}}};

struct ImprovementColumn {
  const char* from;
  const char* to;
  const char* head;
};
constexpr std::array<ImprovementColumn, 3> improvement_columns = {
    {{before_sleep, after_sleep, "sleep - before"},
     {before_sleep, after_finetuning, "fine-tuning - before"},
     {control, after_finetuning, "fine-tuning - control"}}};

// Says how many trials a cell is about, where not all of the group have a value.
std::string count_note(std::size_t n, const TrialGroup& group) {
  return n == group.trials.size() ? "" : fmt::format(" (n {})", n);
}

std::string mean_cell(const TrialGroup& group, const char* moment, const TrialMeasure& measure) {
  return summary_cell(summarize(values_at(group, moment, measure)), group.trials.size());
}

std::string improvement_cell(const TrialGroup& group, const ImprovementColumn& column,
                             const TrialMeasure& measure) {
  const Improvement found = improvement_between(group, column.from, column.to, measure);
  if (found.summary.n == 0) return "";
  const std::string interval =
      found.summary.n > 1
          ? fmt::format(" [{:+.3f}, {:+.3f}]", found.interval.low, found.interval.high)
          : "";
  return fmt::format("{:+.3f}{}{}", found.summary.mean, interval,
                     count_note(found.summary.n, group));
}

// Groups may have the same choices, for example with two versions of a preset. Their ids tell them
// apart.
bool need_ids(const std::vector<TrialGroup>& groups) {
  for (std::size_t g = 1; g < groups.size(); ++g) {
    if (groups[g].choices == groups[g - 1].choices) return true;
  }
  return false;
}

}  // namespace

Cells results_table(const std::vector<TrialGroup>& groups, const Columns& columns,
                    const TrialMeasure& measure, const Progress& progress) {
  const bool ids = need_ids(groups);
  Cells rows;
  std::vector<std::string> head = columns.varying;
  if (ids) head.emplace_back("id");
  head.emplace_back("n");
  for (const auto& column : moment_columns) head.emplace_back(column.head);
  for (const auto& column : improvement_columns) head.emplace_back(column.head);
  rows.push_back(std::move(head));
  for (const TrialGroup& group : groups) {
    progress.tell(static_cast<double>(rows.size() - 1) / static_cast<double>(groups.size()));
    std::vector<std::string> row = choice_cells(group, columns);
    if (ids) row.push_back(group.id.substr(0, 8));
    row.push_back(std::to_string(group.trials.size()));
    for (const auto& column : moment_columns) {
      row.push_back(mean_cell(group, column.moment, measure));
    }
    for (const auto& column : improvement_columns)
      row.push_back(improvement_cell(group, column, measure));
    rows.push_back(std::move(row));
  }
  // Stages that the study does not have leave their columns empty.
  return without_empty_columns(rows);
}

}  // namespace hypnos

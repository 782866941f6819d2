#include "cli/results_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hypnos::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

struct MomentColumn {
  const char* moment;
  const char* head;
};
constexpr std::array<MomentColumn, 4> moment_columns = {{{before_sleep, "before"},
                                                         {after_sleep, "after sleep"},
                                                         {after_finetuning, "after fine-tuning"},
                                                         {control, "control"}}};

struct GainColumn {
  const char* from;
  const char* to;
  const char* head;
};
constexpr std::array<GainColumn, 3> gain_columns = {
    {{before_sleep, after_sleep, "sleep - before"},
     {before_sleep, after_finetuning, "fine-tuning - before"},
     {control, after_finetuning, "fine-tuning - control"}}};

// Said only where some trials of the group have no value.
std::string count_note(std::size_t n, const Group& group) {
  return n == group.trials.size() ? "" : fmt::format(" (n {})", n);
}

std::string mean_cell(const Group& group, const char* moment, Measure measure) {
  const Summary s = summarize(values_at(group, moment, measure));
  if (s.n == 0) return "";
  const std::string spread = s.n > 1 ? fmt::format(" ± {:.3f}", s.deviation) : "";
  return fmt::format("{:.3f}{}{}", s.mean, spread, count_note(s.n, group));
}

std::string gain_cell(const Group& group, const GainColumn& column, Measure measure) {
  const Gain gain = gain_between(group, column.from, column.to, measure);
  if (gain.summary.n == 0) return "";
  const std::string interval =
      gain.summary.n > 1 ? fmt::format(" [{:+.3f}, {:+.3f}]", gain.interval.low, gain.interval.high)
                         : "";
  return fmt::format("{:+.3f}{}{}", gain.summary.mean, interval, count_note(gain.summary.n, group));
}

// Groups that look alike, say by an older version of a preset, are told apart by their ids.
bool need_ids(const std::vector<Group>& groups) {
  for (std::size_t g = 1; g < groups.size(); ++g) {
    if (groups[g].choices == groups[g - 1].choices) return true;
  }
  return false;
}

}  // namespace

Rows without_empty_columns(const Rows& rows) {
  Rows kept(rows.size());
  if (rows.empty()) return kept;
  for (std::size_t c = 0; c < rows[0].size(); ++c) {
    const bool empty =
        std::all_of(rows.begin() + 1, rows.end(), [c](const auto& row) { return row[c].empty(); });
    for (std::size_t r = 0; !empty && r < rows.size(); ++r) kept[r].push_back(rows[r][c]);
  }
  return kept;
}

Rows results_table(const std::vector<Group>& groups, const Columns& columns, Measure measure) {
  const bool ids = need_ids(groups);
  Rows rows;
  std::vector<std::string> head = columns.varying;
  if (ids) head.emplace_back("id");
  head.emplace_back("n");
  for (const auto& column : moment_columns) head.emplace_back(column.head);
  for (const auto& column : gain_columns) head.emplace_back(column.head);
  rows.push_back(std::move(head));
  for (const Group& group : groups) {
    std::vector<std::string> row;
    row.reserve(rows.front().size());
    for (const std::string& key : columns.varying) {
      row.push_back(show(group.choices.value(key, Json())));
    }
    if (ids) row.push_back(group.id.substr(0, 8));
    row.push_back(std::to_string(group.trials.size()));
    for (const auto& column : moment_columns) {
      row.push_back(mean_cell(group, column.moment, measure));
    }
    for (const auto& column : gain_columns) row.push_back(gain_cell(group, column, measure));
    rows.push_back(std::move(row));
  }
  // Stages that the study does not have.
  return without_empty_columns(rows);
}

std::string markdown(const Rows& rows) {
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    text += fmt::format("| {} |\n", fmt::join(rows[r], " | "));
    if (r > 0) continue;
    text += "|";
    for (std::size_t c = 0; c < rows[0].size(); ++c) text += c == 0 ? " --- |" : " ---: |";
    text += "\n";
  }
  return text;
}

}  // namespace hypnos::cli

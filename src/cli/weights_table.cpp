#include "cli/weights_table.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include "cli/results_export.hpp"
#include "cli/results_table.hpp"

namespace hypnos::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// One layer of one trial.
struct LayerView {
  double synapses;  // into the layer
  const LayerWeights& weights;
  const LayerResponses* responses;  // nullptr: nobody has looked

  double part(std::size_t count) const { return static_cast<double>(count) / synapses; }
  double in_deviations(double change) const {
    return weights.before.deviation > 0 ? change / weights.before.deviation : nothing;
  }
  // Only where somebody has looked.
  double seen(double value) const { return responses == nullptr ? nothing : value; }
};

// What a moment before or after sleep shows. Not a number: nobody has looked.
struct MomentColumn {
  const char* name;
  const char* head;  // nullptr: only in CSV
  double (*value)(const WeightSummary& weights, const ResponseSummary* responses);
};
using W = const WeightSummary&;
using R = const ResponseSummary*;
constexpr std::array<MomentColumn, 8> moment_columns = {{
    {"mean", nullptr, [](W w, R) { return w.mean; }},
    {"deviation", nullptr, [](W w, R) { return w.deviation; }},
    {"positive", nullptr, [](W w, R) { return w.positive; }},
    {"weight_sparsity", "weight sparsity", [](W w, R) { return w.sparsity; }},
    {"active", "active", [](W, R r) { return r == nullptr ? nothing : r->active; }},
    {"response_sparsity", "response sparsity",
     [](W, R r) { return r == nullptr ? nothing : r->sparsity; }},
    {"response_hoyer", nullptr, [](W, R r) { return r == nullptr ? nothing : r->hoyer; }},
    {"class_correlation", "class correlation",
     [](W, R r) { return r == nullptr ? nothing : r->class_correlation; }},
}};

struct ChangeColumn {
  const char* name;
  const char* head;
  double (*value)(const LayerView& layer, const WeightChange& change);
};
using L = const LayerView&;
using C = const WeightChange&;
constexpr std::array<ChangeColumn, 9> change_columns = {{
    {"strengthened", "strengthened", [](L l, C c) { return l.part(c.strengthened); }},
    {"weakened", "weakened", [](L l, C c) { return l.part(c.weakened); }},
    {"strengthened_strongly", "strongly strengthened",
     [](L l, C c) { return l.seen(l.part(c.strengthened_strongly)); }},
    {"weakened_strongly", "strongly weakened",
     [](L l, C c) { return l.seen(l.part(c.weakened_strongly)); }},
    {"size", "mean change", [](L l, C c) { return l.seen(l.in_deviations(c.size)); }},
    {"largest_increase", "largest increase",
     [](L l, C c) { return l.seen(l.in_deviations(c.largest_increase)); }},
    {"largest_decrease", "largest decrease",
     [](L l, C c) { return l.seen(l.in_deviations(c.largest_decrease)); }},
    {"of_top_1pct", "change in top 1%", [](L l, C c) { return l.seen(c.of_top_1pct); }},
    {"of_top_10pct", "change in top 10%", [](L l, C c) { return l.seen(c.of_top_10pct); }},
}};

std::vector<LayerView> layers_of(const StoredTrial& trial) {
  std::vector<LayerView> layers;
  if (!trial.outcome.sleep) return layers;
  const SleepOutcome& sleep = *trial.outcome.sleep;
  layers.reserve(sleep.weights.size());
  for (std::size_t l = 0; l < sleep.weights.size(); ++l) {
    const double synapses = static_cast<double>(sleep.activity.at(l).units) *
                            static_cast<double>(sleep.activity.at(l + 1).units);
    layers.push_back({.synapses = synapses,
                      .weights = sleep.weights[l],
                      .responses = l < sleep.responses.size() ? &sleep.responses[l] : nullptr});
  }
  return layers;
}

// A number of a layer under its name in CSV and, where it is shown, its head in tables.
using NumberVisitor = std::function<void(const std::string& name, const std::string& head,
                                         bool is_shown, double value)>;

void visit_numbers(const LayerView& layer, const NumberVisitor& visit) {
  for (const ChangeColumn& column : change_columns) {
    visit(column.name, column.head, true, column.value(layer, layer.weights.change));
  }
  const ResponseSummary* before = layer.responses ? &layer.responses->before : nullptr;
  const ResponseSummary* after = layer.responses ? &layer.responses->after : nullptr;
  for (const MomentColumn& column : moment_columns) {
    const std::string name = column.name;
    const std::string head = column.head == nullptr ? "" : column.head;
    const bool shown = column.head != nullptr;
    visit(name + "_before", head + " before", shown, column.value(layer.weights.before, before));
    visit(name + "_after", head + " after", shown, column.value(layer.weights.after, after));
  }
}

// Of the numbers that there are.
std::string mean_cell(const std::vector<double>& all) {
  std::vector<double> values;
  for (const double value : all) {
    if (!std::isnan(value)) values.push_back(value);
  }
  const Summary s = summarize(values);
  if (s.n == 0) return "";
  // Small parts need their digits.
  const int digits = std::abs(s.mean) < 0.0995 ? 4 : 3;
  std::string cell = fmt::format("{:.{}f}", s.mean, digits);
  if (s.n > 1) cell += fmt::format(" ± {:.{}f}", s.deviation, digits);
  return cell;
}

// The cells of one layer of a group, and their heads.
struct LayerCells {
  std::vector<std::string> heads;
  std::vector<std::vector<double>> numbers;  // [shown columns][trials]
  std::size_t trials = 0;
};

LayerCells collect(const Group& group, std::size_t layer) {
  LayerCells cells;
  for (const StoredTrial* trial : group.trials) {
    const auto layers = layers_of(*trial);
    if (layer >= layers.size()) continue;
    ++cells.trials;
    std::size_t column = 0;
    visit_numbers(layers[layer],
                  [&](const std::string&, const std::string& head, bool is_shown, double value) {
                    if (!is_shown) return;
                    if (cells.numbers.size() <= column) {
                      cells.numbers.emplace_back();
                      cells.heads.push_back(head);
                    }
                    cells.numbers[column++].push_back(value);
                  });
  }
  return cells;
}

}  // namespace

Rows weights_table(const std::vector<Group>& groups, const Columns& columns) {
  Rows rows;
  for (const Group& group : groups) {
    for (std::size_t layer = 0;; ++layer) {
      const LayerCells cells = collect(group, layer);
      if (cells.trials == 0) break;
      if (rows.empty()) {
        rows.push_back(columns.varying);
        rows[0].insert(rows[0].end(), {"layer", "n"});
        rows[0].insert(rows[0].end(), cells.heads.begin(), cells.heads.end());
      }
      std::vector<std::string> row;
      row.reserve(rows[0].size());
      for (const std::string& key : columns.varying) {
        row.push_back(show(group.choices.value(key, Json())));
      }
      row.push_back(std::to_string(layer + 1));
      row.push_back(std::to_string(cells.trials));
      for (const auto& numbers : cells.numbers) row.push_back(mean_cell(numbers));
      rows.push_back(std::move(row));
    }
  }
  return without_empty_columns(rows);
}

std::string weights_csv(std::span<const StoredTrial> trials) {
  std::vector<Json> lines;
  for (const StoredTrial& trial : trials) {
    const auto layers = layers_of(trial);
    for (std::size_t l = 0; l < layers.size(); ++l) {
      Json line = words_of(trial);
      line["layer"] = l + 1;
      line["synapses"] = layers[l].synapses;
      visit_numbers(layers[l],
                    [&](const std::string& name, const std::string&, bool, double value) {
                      line[name] = std::isnan(value) ? Json() : Json(value);
                    });
      lines.push_back(std::move(line));
    }
  }
  return to_csv(lines);
}

}  // namespace hypnos::cli

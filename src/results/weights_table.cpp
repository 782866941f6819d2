#include "results/weights_table.hpp"

#include <fmt/format.h>

#include <cmath>

#include "results/layer_numbers.hpp"

namespace hypnos {
namespace {

// The numbers of one layer that tables show, over the trials of a group.
struct LayerOfGroup {
  std::vector<std::string> heads;
  std::vector<std::vector<double>> values;  // [heads][trials]
  std::size_t trials = 0;
};

LayerOfGroup collect(const TrialGroup& group, std::size_t layer) {
  LayerOfGroup found;
  for (const StoredTrial* trial : group.trials) {
    const auto layers = layers_of(*trial);
    if (layer >= layers.size()) continue;
    ++found.trials;
    std::size_t column = 0;
    for (const LayerNumber& number : numbers_of(layers[layer])) {
      if (number.head.empty()) continue;
      if (found.heads.size() <= column) {
        found.heads.push_back(number.head);
        found.values.emplace_back();
      }
      found.values[column++].push_back(number.value);
    }
  }
  return found;
}

// Mean and deviation of the values that are numbers.
std::string mean_cell(const std::vector<double>& all) {
  std::vector<double> values;
  for (const double value : all) {
    if (!std::isnan(value)) values.push_back(value);
  }
  const Summary s = summarize(values);
  if (s.n == 0) return "";
  // Small parts need one digit more.
  const int digits = std::abs(s.mean) < 0.0995 ? 4 : 3;
  std::string cell = fmt::format("{:.{}f}", s.mean, digits);
  if (s.n > 1) cell += fmt::format(" ± {:.{}f}", s.deviation, digits);
  return cell;
}

}  // namespace

Cells weights_table(const std::vector<TrialGroup>& groups, const Columns& columns) {
  Cells rows;
  for (const TrialGroup& group : groups) {
    for (std::size_t layer = 0;; ++layer) {
      const LayerOfGroup found = collect(group, layer);
      if (found.trials == 0) break;
      if (rows.empty()) {
        rows.push_back(columns.varying);
        rows[0].insert(rows[0].end(), {"layer", "n"});
        rows[0].insert(rows[0].end(), found.heads.begin(), found.heads.end());
      }
      std::vector<std::string> row = choice_cells(group, columns);
      row.push_back(std::to_string(layer + 1));
      row.push_back(std::to_string(found.trials));
      for (const auto& values : found.values) row.push_back(mean_cell(values));
      rows.push_back(std::move(row));
    }
  }
  return without_empty_columns(rows);
}

}  // namespace hypnos

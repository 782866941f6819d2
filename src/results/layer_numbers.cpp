#include "results/layer_numbers.hpp"

#include <array>
#include <limits>

namespace hypnos {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

double part(const LayerView& layer, std::size_t count) {
  return static_cast<double>(count) / layer.synapses;
}

double in_deviations(const LayerView& layer, double change) {
  const double deviation = layer.weights.before.deviation;
  return deviation > 0 ? change / deviation : nothing;
}

// The value, or NaN where nobody has looked.
double seen(const LayerView& layer, double value) {
  return layer.responses == nullptr ? nothing : value;
}

// A number of the layer before or after sleep. It is NaN where nobody has looked.
struct LayerMoment {
  const char* name;
  const char* head;  // in tables; empty: tables do not have it
  double (*value)(const WeightSummary& weights, const ResponseSummary* responses);
};
using W = const WeightSummary&;
using R = const ResponseSummary*;
constexpr std::array<LayerMoment, 8> layer_moments = {{
    {"mean", "", [](W w, R) { return w.mean; }},
    {"deviation", "", [](W w, R) { return w.deviation; }},
    {"positive", "", [](W w, R) { return w.positive; }},
    {"weight_sparsity", "weight sparsity", [](W w, R) { return w.sparsity; }},
    {"active", "active", [](W, R r) { return r == nullptr ? nothing : r->active; }},
    {"response_sparsity", "response sparsity",
     [](W, R r) { return r == nullptr ? nothing : r->sparsity; }},
    {"response_hoyer", "", [](W, R r) { return r == nullptr ? nothing : r->hoyer; }},
    {"class_correlation", "class correlation",
     [](W, R r) { return r == nullptr ? nothing : r->class_correlation; }},
}};

// A number that says what sleep changed.
struct ChangeColumn {
  const char* name;
  const char* head;
  double (*value)(const LayerView& layer, const WeightChange& change);
};
using L = const LayerView&;
using C = const WeightChange&;
constexpr std::array<ChangeColumn, 9> change_columns = {{
    {"strengthened", "strengthened", [](L l, C c) { return part(l, c.strengthened); }},
    {"weakened", "weakened", [](L l, C c) { return part(l, c.weakened); }},
    {"strengthened_strongly", "strongly strengthened",
     [](L l, C c) { return seen(l, part(l, c.strengthened_strongly)); }},
    {"weakened_strongly", "strongly weakened",
     [](L l, C c) { return seen(l, part(l, c.weakened_strongly)); }},
    {"size", "mean change", [](L l, C c) { return seen(l, in_deviations(l, c.size)); }},
    {"largest_increase", "largest increase",
     [](L l, C c) { return seen(l, in_deviations(l, c.largest_increase)); }},
    {"largest_decrease", "largest decrease",
     [](L l, C c) { return seen(l, in_deviations(l, c.largest_decrease)); }},
    {"of_top_1pct", "change in top 1%", [](L l, C c) { return seen(l, c.of_top_1pct); }},
    {"of_top_10pct", "change in top 10%", [](L l, C c) { return seen(l, c.of_top_10pct); }},
}};

}  // namespace

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

std::vector<LayerNumber> numbers_of(const LayerView& layer) {
  std::vector<LayerNumber> numbers;
  numbers.reserve(change_columns.size() + 2 * layer_moments.size());
  for (const ChangeColumn& column : change_columns) {
    numbers.push_back({column.name, column.head, column.value(layer, layer.weights.change)});
  }
  const ResponseSummary* before = layer.responses ? &layer.responses->before : nullptr;
  const ResponseSummary* after = layer.responses ? &layer.responses->after : nullptr;
  for (const LayerMoment& column : layer_moments) {
    const std::string name = column.name;
    const std::string head = column.head;
    numbers.push_back({name + "_before", head.empty() ? "" : head + " before",
                       column.value(layer.weights.before, before)});
    numbers.push_back({name + "_after", head.empty() ? "" : head + " after",
                       column.value(layer.weights.after, after)});
  }
  return numbers;
}

}  // namespace hypnos

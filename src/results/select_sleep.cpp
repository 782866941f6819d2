#include "results/select_sleep.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>

#include "results/rows.hpp"

namespace hypnos {
namespace {

// NULL is read as a NaN.
double number_in(Rows& rows, const char* column) {
  return rows.number_or_null(column).value_or(std::numeric_limits<double>::quiet_NaN());
}

// A place in a table that has rows for each moment and layer.
struct Place {
  bool after = false;
  std::size_t layer = 0;  // from 0
};

// The moment and layer of a row.
Place place_in(Rows& rows, std::size_t layers) {
  const std::string moment = rows.text("moment");
  if (moment != before_sleep && moment != after_sleep) {
    rows.fail(fmt::format("\"{}\" is no moment of a sleep", moment));
  }
  const std::uint64_t layer = rows.count("layer");
  if (layer == 0 || layer > layers) rows.fail(fmt::format("there is no layer {}", layer));
  return {.after = moment == after_sleep, .layer = layer - 1};
}

// Counts the rows of each moment and layer.
class RowCounts {
 public:
  explicit RowCounts(std::size_t layers)
      : counts_{std::vector<std::size_t>(layers), std::vector<std::size_t>(layers)} {}
  std::size_t& at(const Place& place) { return counts_.at(place.after ? 1 : 0).at(place.layer); }

  // Checks that each has one row, or all have none.
  void check_one_each(const Rows& rows) const {
    std::size_t found = 0;
    std::size_t places = 0;
    for (const auto& of_moment : counts_) {
      for (const std::size_t count : of_moment) {
        found += count;
        ++places;
      }
    }
    if (found != 0 && found != places) {
      rows.fail(fmt::format("{} rows where {} are due", found, places));
    }
  }

 private:
  std::array<std::vector<std::size_t>, 2> counts_;  // before, after
};

void select_activity(const SQLite::Database& database, const std::string& id, SleepOutcome& sleep) {
  for (Rows rows(database, "activity", id); rows.next();) {
    rows.expect("layer", sleep.activity.size());
    sleep.activity.push_back({.units = rows.count("units"),
                              .spikes = rows.count("spikes"),
                              .rate = rows.number("rate"),
                              .threshold = rows.number_or_null("threshold")});
  }
}

void select_weights(const SQLite::Database& database, const std::string& id, SleepOutcome& sleep) {
  sleep.weights.resize(sleep.activity.empty() ? 0 : sleep.activity.size() - 1);
  RowCounts counts(sleep.weights.size());
  Rows rows(database, "weights", id);
  while (rows.next()) {
    const Place place = place_in(rows, sleep.weights.size());
    LayerWeights& layer = sleep.weights[place.layer];
    ++counts.at(place);
    (place.after ? layer.after : layer.before) = {.mean = rows.number("mean"),
                                                  .deviation = rows.number("deviation"),
                                                  .low = rows.number("low"),
                                                  .high = rows.number("high"),
                                                  .positive = rows.part("positive"),
                                                  .sparsity = rows.number("sparsity")};
    if (place.after) {
      layer.change.strengthened = rows.count("strengthened");
      layer.change.weakened = rows.count("weakened");
    }
  }
  counts.check_one_each(rows);
}

void select_weight_changes(const SQLite::Database& database, const std::string& id,
                           SleepOutcome& sleep) {
  Rows rows(database, "weight_changes", id);
  std::size_t found = 0;
  while (rows.next()) {
    if (found == sleep.weights.size()) rows.fail("has more layers than the sleep");
    WeightChange& change = sleep.weights[found].change;
    rows.expect("layer", ++found);
    change.strengthened_strongly = rows.count("strengthened_strongly");
    change.weakened_strongly = rows.count("weakened_strongly");
    change.size = rows.number("size");
    change.largest_increase = rows.number("largest_increase");
    change.largest_decrease = rows.number("largest_decrease");
    change.of_top_1pct = rows.part("of_top_1pct");
    change.of_top_10pct = rows.part("of_top_10pct");
  }
  if (found != 0 && found != sleep.weights.size()) rows.fail("lacks layers of the sleep");
}

void select_histograms(const SQLite::Database& database, const std::string& id,
                       SleepOutcome& sleep) {
  Rows rows(database, "weight_histograms", id);
  while (rows.next()) {
    const Place place = place_in(rows, sleep.weights.size());
    LayerWeights& layer = sleep.weights[place.layer];
    WeightHistogram& histogram = place.after ? layer.histogram_after : layer.histogram_before;
    rows.expect("bin", histogram.counts.size());
    if (histogram.counts.empty()) histogram.low = rows.number("low");
    histogram.high = rows.number("high");
    if (histogram.high < histogram.low) rows.fail("a bin ends before it begins");
    histogram.counts.push_back(rows.count("count"));
  }
  for (const LayerWeights& layer : sleep.weights) {
    if (layer.histogram_before.counts.size() != layer.histogram_after.counts.size()) {
      rows.fail("a layer has other bins before than after sleep");
    }
  }
}

void select_responses(const SQLite::Database& database, const std::string& id,
                      SleepOutcome& sleep) {
  std::vector<LayerResponses> responses(sleep.weights.size());
  RowCounts counts(responses.size());
  Rows rows(database, "responses", id);
  bool any = false;
  while (rows.next()) {
    const Place place = place_in(rows, responses.size());
    LayerResponses& layer = responses[place.layer];
    ++counts.at(place);
    any = true;
    (place.after ? layer.after : layer.before) = {
        .units = rows.count("units"),
        .active = rows.part("active"),
        .sparsity = rows.number("sparsity"),
        .hoyer = rows.number("hoyer"),
        .correlations = {},
        .class_correlation = number_in(rows, "class_correlation")};
  }
  counts.check_one_each(rows);
  if (any) sleep.responses = std::move(responses);
}

// Each layer has a square of them, or none.
void select_correlations(const SQLite::Database& database, const std::string& id,
                         SleepOutcome& sleep) {
  RowCounts widths(sleep.responses.size());
  Rows rows(database, "class_correlations", id);
  while (rows.next()) {
    const Place place = place_in(rows, sleep.responses.size());
    LayerResponses& layer = sleep.responses[place.layer];
    std::vector<double>& found = (place.after ? layer.after : layer.before).correlations;
    std::size_t& width = widths.at(place);
    const std::uint64_t row = rows.count("class");
    if (row == 0) ++width;
    if (width == 0) rows.fail("pairs of classes are missing");
    rows.expect("class", row == 0 ? 0 : found.size() / width);
    rows.expect("other", row == 0 ? found.size() : found.size() % width);
    found.push_back(number_in(rows, "correlation"));
  }
  for (std::size_t layer = 0; layer < sleep.responses.size(); ++layer) {
    for (const bool after : {false, true}) {
      const LayerResponses& both = sleep.responses[layer];
      const std::size_t width = widths.at({.after = after, .layer = layer});
      if ((after ? both.after : both.before).correlations.size() != width * width) {
        rows.fail("pairs of classes are missing");
      }
    }
  }
}

}  // namespace

void select_sleep(const SQLite::Database& database, const std::string& id, int version,
                  SleepOutcome& sleep) {
  select_activity(database, id, sleep);
  select_weights(database, id, sleep);
  if (version < 2) return;
  select_weight_changes(database, id, sleep);
  select_histograms(database, id, sleep);
  select_responses(database, id, sleep);
  select_correlations(database, id, sleep);
}

}  // namespace hypnos

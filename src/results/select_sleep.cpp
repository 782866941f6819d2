#include "results/select_sleep.hpp"

#include <fmt/format.h>

#include <limits>

#include "results/moments_and_layers.hpp"
#include "results/select_older.hpp"

namespace hypnos {
namespace {

// NULL: it was not counted.
WeightHistogram histogram_in(Rows& rows) {
  WeightHistogram histogram;
  if (rows.is_null("histogram")) return histogram;
  histogram.low = rows.number("histogram_low");
  histogram.high = rows.number("histogram_high");
  if (histogram.high < histogram.low) rows.fail("a histogram ends before it begins");
  for (const Json& count : rows.list("histogram")) {
    if (!count.is_number_unsigned()) rows.fail("a histogram has what is not a count");
    histogram.counts.push_back(count.get<std::size_t>());
  }
  return histogram;
}

// A square of them, or none.
std::vector<double> correlations_in(Rows& rows) {
  std::vector<double> correlations;
  for (const Json& value : rows.list("correlations")) {
    if (!value.is_number() && !value.is_null()) rows.fail("a correlation is not a number");
    correlations.push_back(value.is_null() ? std::numeric_limits<double>::quiet_NaN()
                                           : value.get<double>());
  }
  std::size_t classes = 0;
  while (classes * classes < correlations.size()) ++classes;
  if (classes * classes != correlations.size()) rows.fail("pairs of classes are missing");
  return correlations;
}

void select_activity(const SQLite::Database& database, const std::string& id, SleepOutcome& sleep) {
  for (Rows rows(database, "activity", id); rows.next();) {
    rows.expect("layer", sleep.activity.size());
    sleep.activity.push_back({.units = rows.count("units"),
                              .spikes = rows.count("spikes"),
                              .rate = rows.number("rate"),
                              .threshold = rows.number_or_null("threshold")});
  }
}

// @param whole whether the table has histograms, and responses below have correlations
void select_weights(const SQLite::Database& database, const std::string& id, bool whole,
                    SleepOutcome& sleep) {
  sleep.weights.resize(sleep.activity.empty() ? 0 : sleep.activity.size() - 1);
  RowCounts counts(sleep.weights.size());
  Rows rows(database, "weights", id);
  while (rows.next()) {
    const Place place = place_in(rows, sleep.weights.size());
    LayerWeights& layer = sleep.weights[place.layer];
    ++counts.at(place);
    WeightSummary& summary = place.after ? layer.after : layer.before;
    summary = WeightSummary{.mean = rows.number("mean"),
                            .deviation = rows.number("deviation"),
                            .low = rows.number("low"),
                            .high = rows.number("high"),
                            .positive = rows.part("positive"),
                            .sparsity = rows.number("sparsity")};
    if (whole) (place.after ? layer.histogram_after : layer.histogram_before) = histogram_in(rows);
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

void select_responses(const SQLite::Database& database, const std::string& id, bool whole,
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
    ResponseSummary& summary = place.after ? layer.after : layer.before;
    summary = {.units = rows.count("units"),
               .active = rows.part("active"),
               .sparsity = rows.number("sparsity"),
               .hoyer = rows.number("hoyer"),
               .correlations = {},
               .class_correlation = number_or_nan(rows, "class_correlation")};
    if (whole) summary.correlations = correlations_in(rows);
  }
  counts.check_one_each(rows);
  if (any) sleep.responses = std::move(responses);
}

void check_histograms(const Rows& rows, const SleepOutcome& sleep) {
  for (const LayerWeights& layer : sleep.weights) {
    if (layer.histogram_before.counts.size() != layer.histogram_after.counts.size()) {
      rows.fail("a layer has other bins before than after sleep");
    }
  }
}

}  // namespace

void select_sleep(const SQLite::Database& database, const std::string& id, int version,
                  SleepOutcome& sleep) {
  const bool whole = version >= 6;
  select_activity(database, id, sleep);
  select_weights(database, id, whole, sleep);
  if (version < 2) return;
  select_weight_changes(database, id, sleep);
  select_responses(database, id, whole, sleep);
  if (!whole) select_older_sleep(database, id, sleep);
  check_histograms(Rows(database, "weights", id), sleep);
}

}  // namespace hypnos

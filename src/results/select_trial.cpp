#include "results/select_trial.hpp"

#include <limits>
#include <map>

#include "base/json.hpp"
#include "hypnos/json.hpp"

namespace hypnos {
namespace {

using SQLite::Column;
using SQLite::Statement;

std::uint64_t count_in(const Column& column) {
  return static_cast<std::uint64_t>(column.getInt64());
}

// NULL is read as a NaN.
double number_in(const Column& column) {
  return column.isNull() ? std::numeric_limits<double>::quiet_NaN() : column.getDouble();
}

// The rows of a table that belong to the trial, in the order of the table's key.
Statement rows_of(const SQLite::Database& database, const char* table, const std::string& id) {
  Statement rows(database, std::string("SELECT * FROM ") + table + " WHERE trial = ?");
  rows.bind(1, id);
  return rows;
}

void select_measurements(const SQLite::Database& database, const std::string& id,
                         Outcome& outcome) {
  std::map<std::string, Metrics> at;
  for (Statement row = rows_of(database, "measurements", id); row.executeStep();) {
    Metrics& m = at[row.getColumn("moment").getString()];
    m.samples = count_in(row.getColumn("samples"));
    m.accuracy = row.getColumn("accuracy");
    m.balanced_accuracy = row.getColumn("balanced_accuracy");
    m.macro_f1 = row.getColumn("macro_f1");
    m.geometric_mean = row.getColumn("geometric_mean");
  }
  for (Statement row = rows_of(database, "classes", id); row.executeStep();) {
    at[row.getColumn("moment").getString()].per_class.push_back(
        {.samples = count_in(row.getColumn("samples")),
         .answered = count_in(row.getColumn("answered")),
         .precision = row.getColumn("precision"),
         .recall = row.getColumn("recall"),
         .f1 = row.getColumn("f1")});
  }
  for (Statement row = rows_of(database, "confusions", id); row.executeStep();) {
    Metrics& m = at[row.getColumn("moment").getString()];
    m.confusion.classes = m.per_class.size();
    m.confusion.counts.push_back(count_in(row.getColumn("count")));
  }
  for (const char* moment : {before_sleep, after_sleep, after_finetuning, control}) {
    if (at.contains(moment)) outcome.measurements.push_back({moment, at[moment]});
  }
}

LayerWeights& layer_of(SleepOutcome& sleep, Statement& row) {
  return sleep.weights.at(count_in(row.getColumn("layer")) - 1);
}

bool is_after_sleep(Statement& row) {
  return row.getColumn("moment").getString() == after_sleep;
}

void select_activity(const SQLite::Database& database, const std::string& id, SleepOutcome& sleep) {
  for (Statement row = rows_of(database, "activity", id); row.executeStep();) {
    sleep.activity.push_back({.units = count_in(row.getColumn("units")),
                              .spikes = count_in(row.getColumn("spikes")),
                              .rate = row.getColumn("rate")});
    if (!row.isColumnNull("threshold")) {
      sleep.activity.back().threshold = row.getColumn("threshold").getDouble();
    }
  }
}

void select_weights(const SQLite::Database& database, const std::string& id, SleepOutcome& sleep) {
  sleep.weights.resize(sleep.activity.empty() ? 0 : sleep.activity.size() - 1);
  for (Statement row = rows_of(database, "weights", id); row.executeStep();) {
    LayerWeights& layer = layer_of(sleep, row);
    const WeightSummary summary = {.mean = row.getColumn("mean"),
                                   .deviation = row.getColumn("deviation"),
                                   .low = row.getColumn("low"),
                                   .high = row.getColumn("high"),
                                   .positive = row.getColumn("positive"),
                                   .sparsity = row.getColumn("sparsity")};
    const bool after = is_after_sleep(row);
    (after ? layer.after : layer.before) = summary;
    if (after) {
      layer.change.strengthened = count_in(row.getColumn("strengthened"));
      layer.change.weakened = count_in(row.getColumn("weakened"));
    }
  }
}

void select_weight_changes(const SQLite::Database& database, const std::string& id,
                           SleepOutcome& sleep) {
  for (Statement row = rows_of(database, "weight_changes", id); row.executeStep();) {
    WeightChange& change = layer_of(sleep, row).change;
    change.strengthened_strongly = count_in(row.getColumn("strengthened_strongly"));
    change.weakened_strongly = count_in(row.getColumn("weakened_strongly"));
    change.size = row.getColumn("size");
    change.largest_increase = row.getColumn("largest_increase");
    change.largest_decrease = row.getColumn("largest_decrease");
    change.of_top_1pct = row.getColumn("of_top_1pct");
    change.of_top_10pct = row.getColumn("of_top_10pct");
  }
  for (Statement row = rows_of(database, "weight_histograms", id); row.executeStep();) {
    LayerWeights& layer = layer_of(sleep, row);
    WeightHistogram& histogram =
        is_after_sleep(row) ? layer.histogram_after : layer.histogram_before;
    if (histogram.counts.empty()) histogram.low = row.getColumn("low");
    histogram.high = row.getColumn("high");
    histogram.counts.push_back(count_in(row.getColumn("count")));
  }
}

void select_responses(const SQLite::Database& database, const std::string& id,
                      SleepOutcome& sleep) {
  const auto summary_of = [&](Statement& row) -> ResponseSummary& {
    const std::size_t layer = count_in(row.getColumn("layer"));
    if (sleep.responses.size() < layer) sleep.responses.resize(layer);
    LayerResponses& responses = sleep.responses[layer - 1];
    return is_after_sleep(row) ? responses.after : responses.before;
  };
  for (Statement row = rows_of(database, "responses", id); row.executeStep();) {
    ResponseSummary& r = summary_of(row);
    r.units = count_in(row.getColumn("units"));
    r.active = row.getColumn("active");
    r.sparsity = row.getColumn("sparsity");
    r.hoyer = row.getColumn("hoyer");
    r.class_correlation = number_in(row.getColumn("class_correlation"));
  }
  for (Statement row = rows_of(database, "class_correlations", id); row.executeStep();) {
    summary_of(row).correlations.push_back(number_in(row.getColumn("correlation")));
  }
}

// Version 1 of the tables knew neither changes in detail nor histograms and responses.
void select_sleep(const SQLite::Database& database, const std::string& id, int version,
                  SleepOutcome& sleep) {
  select_activity(database, id, sleep);
  select_weights(database, id, sleep);
  if (version < 2) return;
  select_weight_changes(database, id, sleep);
  select_responses(database, id, sleep);
}

}  // namespace

StoredTrial select_trial(const SQLite::Database& database, const std::string& id, int version) {
  Statement row(database, "SELECT * FROM trials WHERE id = ?");
  row.bind(1, id);
  row.executeStep();
  StoredTrial trial{.id = id,
                    .configuration = Json::parse(row.getColumn("configuration").getString()),
                    .outcome = {},
                    .name = {},
                    .origin = {.program = row.getColumn("program"),
                               .machine = row.getColumn("machine"),
                               .finished = row.getColumn("finished")}};
  Outcome& outcome = trial.outcome;
  outcome.samples = count_in(row.getColumn("samples"));
  outcome.failure = row.getColumn("failure").getString();
  if (!row.isColumnNull("gain")) outcome.waking_factor = row.getColumn("gain").getDouble();
  select_measurements(database, id, outcome);
  if (!row.isColumnNull("sleep_end")) {
    outcome.sleep.emplace(SleepOutcome{.end = row.getColumn("sleep_end"),
                                       .steps = count_in(row.getColumn("sleep_steps"))});
    select_sleep(database, id, version, *outcome.sleep);
  }
  if (version >= 2) {
    for (Statement f = rows_of(database, "fitted", id); f.executeStep();) {
      outcome.fitted.push_back({.name = f.getColumn("name"), .value = f.getColumn("value")});
    }
  }
  for (Statement d = rows_of(database, "durations", id); d.executeStep();) {
    outcome.durations.push_back({.what = d.getColumn("what"), .seconds = d.getColumn("seconds")});
  }
  return trial;
}

}  // namespace hypnos

#include "study/rows.hpp"

#include <cmath>
#include <limits>
#include <map>

namespace hypnos {
namespace {

using SQLite::Column;
using SQLite::Statement;

template <typename Value>
void bind(Statement& statement, int at, const Value& value) {
  if constexpr (std::is_same_v<Value, bool> || std::is_floating_point_v<Value>) {
    statement.bind(at, static_cast<double>(value));
  } else if constexpr (std::is_integral_v<Value>) {
    statement.bind(at, static_cast<std::int64_t>(value));
  } else {
    statement.bind(at, value);
  }
}

template <typename Value>
void bind(Statement& statement, int at, const std::optional<Value>& value) {
  if (value) {
    bind(statement, at, *value);
  } else {
    statement.bind(at);
  }
}

std::size_t classes_of(const ResponseSummary& responses) {
  std::size_t classes = 0;
  while (classes * classes < responses.correlations.size()) ++classes;
  return classes;
}

// One statement for many rows.
class Insertion {
 public:
  Insertion(SQLite::Database& database, const std::string& table, int columns)
      : statement_(database, sql(table, columns)) {}

  template <typename... Values>
  void row(const Values&... values) {
    int at = 0;
    (bind(statement_, ++at, values), ...);
    statement_.exec();
    statement_.reset();
  }

 private:
  static std::string sql(const std::string& table, int columns) {
    std::string marks = "?";
    for (int c = 1; c < columns; ++c) marks += ", ?";
    return "INSERT INTO " + table + " VALUES (" + marks + ")";
  }
  Statement statement_;
};

std::uint64_t count_in(const Column& column) {
  return static_cast<std::uint64_t>(column.getInt64());
}

// Not a number for NULL.
double number_in(const Column& column) {
  return column.isNull() ? std::numeric_limits<double>::quiet_NaN() : column.getDouble();
}

// NULL as nothing.
std::optional<std::string> text_unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

void insert_measurements(SQLite::Database& database, const std::string& id,
                         const Outcome& outcome) {
  Insertion measurements(database, "measurements", 7);
  Insertion classes(database, "classes", 8);
  Insertion confusions(database, "confusions", 5);
  for (const auto& [moment, m] : outcome.measurements) {
    measurements.row(id, moment, m.samples, m.accuracy, m.balanced_accuracy, m.macro_f1,
                     m.geometric_mean);
    for (std::size_t c = 0; c < m.per_class.size(); ++c) {
      const ClassMetrics& k = m.per_class[c];
      classes.row(id, moment, c, k.samples, k.answered, k.precision, k.recall, k.f1);
      for (std::size_t answer = 0; answer < m.confusion.classes; ++answer) {
        confusions.row(id, moment, c, answer, m.confusion.at(c, answer));
      }
    }
  }
}

void insert_sleep(SQLite::Database& database, const std::string& id, const SleepOutcome& sleep) {
  Insertion activity(database, "activity", 6);
  for (std::size_t l = 0; l < sleep.activity.size(); ++l) {
    const LayerActivity& a = sleep.activity[l];
    activity.row(id, l, a.units, a.spikes, a.rate, a.threshold);
  }
  Insertion weights(database, "weights", 11);
  using Count = std::optional<std::size_t>;
  const auto insert = [&](const char* moment, std::size_t layer, const WeightSummary& w,
                          const Count& strengthened, const Count& weakened) {
    weights.row(id, std::string(moment), layer, w.mean, w.deviation, w.low, w.high, w.positive,
                w.sparsity, strengthened, weakened);
  };
  for (std::size_t l = 0; l < sleep.weights.size(); ++l) {
    const LayerWeights& w = sleep.weights[l];
    insert(before_sleep, l + 1, w.before, {}, {});
    insert(after_sleep, l + 1, w.after, w.change.strengthened, w.change.weakened);
  }
}

void insert_weights(SQLite::Database& database, const std::string& id,
                    const std::vector<LayerWeights>& weights) {
  Insertion changes(database, "weight_changes", 9);
  Insertion histograms(database, "weight_histograms", 7);
  const auto insert = [&](const char* moment, std::size_t layer, const WeightHistogram& h) {
    const auto bins = static_cast<double>(h.counts.size());
    for (std::size_t bin = 0; bin < h.counts.size(); ++bin) {
      const auto end = [&](std::size_t i) {
        return std::lerp(h.low, h.high, static_cast<double>(i) / bins);
      };
      histograms.row(id, std::string(moment), layer, bin, end(bin), end(bin + 1), h.counts[bin]);
    }
  };
  for (std::size_t l = 0; l < weights.size(); ++l) {
    const LayerWeights& w = weights[l];
    changes.row(id, l + 1, w.change.strengthened_strongly, w.change.weakened_strongly,
                w.change.size, w.change.largest_increase, w.change.largest_decrease,
                w.change.of_top_1pct, w.change.of_top_10pct);
    insert(before_sleep, l + 1, w.histogram_before);
    insert(after_sleep, l + 1, w.histogram_after);
  }
}

// NULL for what is not a number.
std::optional<double> number(double value) {
  return std::isnan(value) ? std::nullopt : std::optional(value);
}

void insert_responses(SQLite::Database& database, const std::string& id,
                      const std::vector<LayerResponses>& responses) {
  Insertion layers(database, "responses", 8);
  Insertion correlations(database, "class_correlations", 6);
  const auto insert = [&](const std::string& moment, std::size_t layer, const ResponseSummary& r) {
    layers.row(id, moment, layer, r.units, r.active, r.sparsity, r.hoyer,
               number(r.class_correlation));
    const std::size_t classes = classes_of(r);
    for (std::size_t c = 0; c < classes; ++c) {
      for (std::size_t other = 0; other < classes; ++other) {
        correlations.row(id, moment, layer, c, other, number(r.correlations[c * classes + other]));
      }
    }
  };
  for (std::size_t l = 0; l < responses.size(); ++l) {
    insert(before_sleep, l + 1, responses[l].before);
    insert(after_sleep, l + 1, responses[l].after);
  }
}

// The rows of a table that belong to the trial, in the order of its key.
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

void select_sleep(const SQLite::Database& database, const std::string& id, SleepOutcome& sleep) {
  for (Statement row = rows_of(database, "activity", id); row.executeStep();) {
    sleep.activity.push_back({.units = count_in(row.getColumn("units")),
                              .spikes = count_in(row.getColumn("spikes")),
                              .rate = row.getColumn("rate")});
    if (!row.isColumnNull("threshold")) {
      sleep.activity.back().threshold = row.getColumn("threshold").getDouble();
    }
  }
  sleep.weights.resize(sleep.activity.empty() ? 0 : sleep.activity.size() - 1);
  for (Statement row = rows_of(database, "weights", id); row.executeStep();) {
    LayerWeights& layer = sleep.weights.at(count_in(row.getColumn("layer")) - 1);
    const WeightSummary summary = {.mean = row.getColumn("mean"),
                                   .deviation = row.getColumn("deviation"),
                                   .low = row.getColumn("low"),
                                   .high = row.getColumn("high"),
                                   .positive = row.getColumn("positive"),
                                   .sparsity = row.getColumn("sparsity")};
    const bool after = row.getColumn("moment").getString() == after_sleep;
    (after ? layer.after : layer.before) = summary;
    if (after) {
      layer.change.strengthened = count_in(row.getColumn("strengthened"));
      layer.change.weakened = count_in(row.getColumn("weakened"));
    }
  }
}

// What is there since version 2.
void select_analysis(const SQLite::Database& database, const std::string& id, SleepOutcome& sleep) {
  for (Statement row = rows_of(database, "weight_changes", id); row.executeStep();) {
    WeightChange& change = sleep.weights.at(count_in(row.getColumn("layer")) - 1).change;
    change.strengthened_strongly = count_in(row.getColumn("strengthened_strongly"));
    change.weakened_strongly = count_in(row.getColumn("weakened_strongly"));
    change.size = row.getColumn("size");
    change.largest_increase = row.getColumn("largest_increase");
    change.largest_decrease = row.getColumn("largest_decrease");
    change.of_top_1pct = row.getColumn("of_top_1pct");
    change.of_top_10pct = row.getColumn("of_top_10pct");
  }
  for (Statement row = rows_of(database, "weight_histograms", id); row.executeStep();) {
    LayerWeights& layer = sleep.weights.at(count_in(row.getColumn("layer")) - 1);
    const bool after = row.getColumn("moment").getString() == after_sleep;
    WeightHistogram& histogram = after ? layer.histogram_after : layer.histogram_before;
    if (histogram.counts.empty()) histogram.low = row.getColumn("low");
    histogram.high = row.getColumn("high");
    histogram.counts.push_back(count_in(row.getColumn("count")));
  }
  const auto summary_of = [&](Statement& row) -> ResponseSummary& {
    const std::size_t layer = count_in(row.getColumn("layer"));
    if (sleep.responses.size() < layer) sleep.responses.resize(layer);
    const bool after = row.getColumn("moment").getString() == after_sleep;
    return after ? sleep.responses[layer - 1].after : sleep.responses[layer - 1].before;
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

}  // namespace

void insert_trial(SQLite::Database& database, const Trial& trial, const Outcome& outcome,
                  const Origin& origin) {
  const std::string id = id_of(trial);
  const Json configuration = to_json(trial);
  std::optional<std::string> end;
  std::optional<std::uint64_t> steps;
  if (outcome.sleep) {
    end = outcome.sleep->end;
    steps = outcome.sleep->steps;
  }
  Insertion(database, "trials", 18)
      .row(id, text_of(configuration), trial.data, trial.subset.fraction, trial.subset.per_class,
           text_unless_empty(trial.choices.value("keep", "")), trial.protocol,
           trial.training.epochs, text_unless_empty(trial.sleep), trial.seed, outcome.samples, end,
           steps, outcome.gain, text_unless_empty(outcome.failure), origin.program, origin.machine,
           origin.finished);
  insert_measurements(database, id, outcome);
  if (outcome.sleep) {
    insert_sleep(database, id, *outcome.sleep);
    insert_weights(database, id, outcome.sleep->weights);
    insert_responses(database, id, outcome.sleep->responses);
  }
  Insertion fitted(database, "fitted", 3);
  for (const auto& [name, value] : outcome.fitted) fitted.row(id, name, value);
  Insertion durations(database, "durations", 3);
  for (const auto& [what, seconds] : outcome.durations) durations.row(id, what, seconds);
}

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
  if (!row.isColumnNull("gain")) outcome.gain = row.getColumn("gain").getDouble();
  select_measurements(database, id, outcome);
  if (!row.isColumnNull("sleep_end")) {
    outcome.sleep.emplace(SleepOutcome{.end = row.getColumn("sleep_end"),
                                       .steps = count_in(row.getColumn("sleep_steps"))});
    select_sleep(database, id, *outcome.sleep);
    if (version >= 2) select_analysis(database, id, *outcome.sleep);
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

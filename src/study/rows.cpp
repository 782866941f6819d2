#include "study/rows.hpp"

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
      layer.change = {.strengthened = count_in(row.getColumn("strengthened")),
                      .weakened = count_in(row.getColumn("weakened"))};
    }
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
  if (outcome.sleep) insert_sleep(database, id, *outcome.sleep);
  Insertion durations(database, "durations", 3);
  for (const auto& [what, seconds] : outcome.durations) durations.row(id, what, seconds);
}

StoredTrial select_trial(const SQLite::Database& database, const std::string& id) {
  Statement row(database, "SELECT * FROM trials WHERE id = ?");
  row.bind(1, id);
  row.executeStep();
  StoredTrial trial{.id = id,
                    .configuration = Json::parse(row.getColumn("configuration").getString()),
                    .outcome = {},
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
  }
  for (Statement d = rows_of(database, "durations", id); d.executeStep();) {
    outcome.durations.push_back({.what = d.getColumn("what"), .seconds = d.getColumn("seconds")});
  }
  return trial;
}

}  // namespace hypnos

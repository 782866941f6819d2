#include "results/insert_trial.hpp"

#include <cmath>
#include <optional>

#include "base/json.hpp"
#include "results/metrics_json.hpp"

namespace hypnos {
namespace {

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

// A statement that inserts many rows into one table.
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

// An empty text is stored as NULL.
std::optional<std::string> text_unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

// NULL where there are answers alone.
struct OfProbabilities {
  std::optional<double> cross_entropy, calibration_error, roc_area;
};

OfProbabilities of_probabilities(const Metrics& metrics) {
  if (!metrics.probabilities) return {};
  const ProbabilityMetrics& p = *metrics.probabilities;
  return {p.cross_entropy, p.calibration_error, p.roc_area};
}

void insert_measurements(SQLite::Database& database, const std::string& id,
                         const Outcome& outcome) {
  Insertion measurements(database, "measurements", 13);
  Insertion distorted(database, "distorted", 13);
  Insertion classes(database, "classes", 8);
  for (const auto& [moment, m, under, network] : outcome.measurements) {
    const OfProbabilities p = of_probabilities(m);
    measurements.row(id, moment, m.samples, m.accuracy, m.balanced_accuracy, m.macro_f1,
                     m.geometric_mean, m.worst_recall, p.cross_entropy, p.calibration_error,
                     p.roc_area, text_unless_empty(network), text_of(rows_of(m.confusion)));
    for (std::size_t d = 0; d < under.size(); ++d) {
      const Metrics& u = under[d].metrics;
      const OfProbabilities q = of_probabilities(u);
      distorted.row(id, moment, under[d].distortion, d, u.samples, u.accuracy, u.balanced_accuracy,
                    u.macro_f1, u.geometric_mean, u.worst_recall, q.cross_entropy,
                    q.calibration_error, q.roc_area);
    }
    for (std::size_t c = 0; c < m.per_class.size(); ++c) {
      const ClassMetrics& k = m.per_class[c];
      classes.row(id, moment, c, k.samples, k.answered, k.precision, k.recall, k.f1);
    }
  }
}

void insert_activity_and_weights(SQLite::Database& database, const std::string& id,
                                 const SleepOutcome& sleep) {
  Insertion activity(database, "activity", 6);
  for (std::size_t l = 0; l < sleep.activity.size(); ++l) {
    const LayerActivity& a = sleep.activity[l];
    activity.row(id, l, a.units, a.spikes, a.rate, a.threshold);
  }
  Insertion weights(database, "weights", 14);
  using Count = std::optional<std::size_t>;
  const auto insert = [&](const char* moment, std::size_t layer, const WeightSummary& w,
                          const WeightHistogram& h, const Count& strengthened,
                          const Count& weakened) {
    const bool counted = !h.counts.empty();
    const auto if_counted = [&](double end) { return counted ? std::optional(end) : std::nullopt; };
    weights.row(id, std::string(moment), layer, w.mean, w.deviation, w.low, w.high, w.positive,
                w.sparsity, strengthened, weakened, if_counted(h.low), if_counted(h.high),
                counted ? std::optional(text_of(Json(h.counts))) : std::nullopt);
  };
  for (std::size_t l = 0; l < sleep.weights.size(); ++l) {
    const LayerWeights& w = sleep.weights[l];
    insert(before_sleep, l + 1, w.before, w.histogram_before, {}, {});
    insert(after_sleep, l + 1, w.after, w.histogram_after, w.change.strengthened,
           w.change.weakened);
  }
}

void insert_weight_changes(SQLite::Database& database, const std::string& id,
                           const std::vector<LayerWeights>& weights) {
  Insertion changes(database, "weight_changes", 9);
  for (std::size_t l = 0; l < weights.size(); ++l) {
    const WeightChange& c = weights[l].change;
    changes.row(id, l + 1, c.strengthened_strongly, c.weakened_strongly, c.size, c.largest_increase,
                c.largest_decrease, c.of_top_1pct, c.of_top_10pct);
  }
}

// A NaN is stored as NULL.
std::optional<double> unless_nan(double value) {
  return std::isnan(value) ? std::nullopt : std::optional(value);
}

void insert_responses(SQLite::Database& database, const std::string& id,
                      const std::vector<LayerResponses>& responses) {
  Insertion layers(database, "responses", 9);
  const auto insert = [&](const std::string& moment, std::size_t layer, const ResponseSummary& r) {
    // As JSON a NaN is null.
    layers.row(id, moment, layer, r.units, r.active, r.sparsity, r.hoyer,
               unless_nan(r.class_correlation), text_of(Json(r.correlations)));
  };
  for (std::size_t l = 0; l < responses.size(); ++l) {
    insert(before_sleep, l + 1, responses[l].before);
    insert(after_sleep, l + 1, responses[l].after);
  }
}

void insert_sequence(SQLite::Database& database, const std::string& id,
                     const SequenceOutcome& sequence) {
  Insertion(database, "sequences", 3)
      .row(id, sequence.stored, static_cast<std::uint64_t>(sequence.reads_old ? 1 : 0));
  Insertion accuracies(database, "task_accuracies", 5);
  const auto insert = [&](const TaskAccuracies& row, const char* moment,
                          const std::vector<double>& of_tasks) {
    for (std::size_t t = 0; t < of_tasks.size(); ++t) {
      accuracies.row(id, row.learned, std::string(moment), t + 1, of_tasks[t]);
    }
  };
  for (const TaskAccuracies& row : sequence.rows) {
    insert(row, before_sleep, row.before);
    insert(row, after_sleep, row.slept);
  }
}

}  // namespace

void insert_trial(SQLite::Database& database, const TrialRecord& trial, const Outcome& outcome,
                  const Origin& origin) {
  const std::string& id = trial.id;
  std::optional<std::string> end;
  std::optional<std::uint64_t> steps;
  if (outcome.sleep) {
    end = outcome.sleep->end;
    steps = outcome.sleep->steps;
  }
  Insertion(database, "trials", 19)
      .row(id, text_of(trial.configuration), trial.data, trial.fraction, trial.per_class,
           text_unless_empty(trial.keep), trial.protocol, trial.epochs,
           text_unless_empty(trial.sleep), trial.seed, outcome.samples, end, steps,
           outcome.waking_factor, text_unless_empty(outcome.failure), origin.program,
           origin.machine, origin.finished,
           origin.numbers > 0 ? std::optional(origin.numbers) : std::nullopt);
  insert_measurements(database, id, outcome);
  if (outcome.sleep) {
    insert_activity_and_weights(database, id, *outcome.sleep);
    insert_weight_changes(database, id, outcome.sleep->weights);
    insert_responses(database, id, outcome.sleep->responses);
  }
  if (outcome.sequence) insert_sequence(database, id, *outcome.sequence);
  Insertion fitted(database, "fitted", 3);
  for (const auto& [name, value] : outcome.fitted) fitted.row(id, name, value);
  Insertion durations(database, "durations", 3);
  for (const auto& [what, seconds] : outcome.durations) durations.row(id, what, seconds);
}

}  // namespace hypnos

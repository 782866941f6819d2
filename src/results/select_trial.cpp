#include "results/select_trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <map>

#include "base/json.hpp"
#include "base/json_shape.hpp"
#include "hypnos/json.hpp"
#include "results/rows.hpp"
#include "results/select_older.hpp"
#include "results/select_sleep.hpp"
#include "results/trial_shape.hpp"

namespace hypnos {
namespace {

constexpr std::array moments = {before_sleep, after_sleep, after_finetuning, control};

// The metrics at the row's moment.
Metrics& metrics_at(Rows& rows, std::map<std::string, Metrics>& at) {
  const auto found = at.find(rows.text("moment"));
  if (found == at.end()) rows.fail("has a moment at which nothing was measured");
  return found->second;
}

// What the row says of the whole, and of probabilities where there were some.
void read_metrics(Rows& rows, Metrics& m) {
  m.samples = rows.count("samples");
  m.accuracy = rows.part("accuracy");
  m.balanced_accuracy = rows.part("balanced_accuracy");
  m.macro_f1 = rows.part("macro_f1");
  m.geometric_mean = rows.part("geometric_mean");
}

void read_probabilities(Rows& rows, Metrics& m) {
  if (rows.is_null("cross_entropy")) return;
  m.probabilities = {.cross_entropy = rows.number("cross_entropy"),
                     .calibration_error = rows.part("calibration_error"),
                     .roc_area = rows.number_or_null("roc_area")};
}

// A row of counts for each class.
ConfusionMatrix confusion_in(Rows& rows) {
  ConfusionMatrix confusion;
  const Json list = rows.list("confusion");
  confusion.classes = list.size();
  for (const Json& of_class : list) {
    if (!of_class.is_array() || of_class.size() != list.size()) {
      rows.fail("pairs of classes are missing");
    }
    for (const Json& count : of_class) {
      if (!count.is_number_unsigned()) rows.fail("a confusion is not a count");
      confusion.counts.push_back(count.get<std::uint64_t>());
    }
  }
  return confusion;
}

void select_measurements(const SQLite::Database& database, const std::string& id, int version,
                         std::map<std::string, Metrics>& at,
                         std::map<std::string, std::string>& networks) {
  for (Rows rows(database, "measurements", id); rows.next();) {
    const std::string moment = rows.text("moment");
    if (std::find(moments.begin(), moments.end(), moment) == moments.end()) {
      rows.fail(fmt::format("\"{}\" is no moment of a trial", moment));
    }
    Metrics& m = at[moment];
    m.worst_recall = 1;  // until its classes are read
    read_metrics(rows, m);
    if (version >= 5) read_probabilities(rows, m);
    if (version < 6) continue;
    m.confusion = confusion_in(rows);
    if (!rows.is_null("network")) networks[moment] = rows.text("network");
  }
}

void select_distorted(const SQLite::Database& database, const std::string& id, Outcome& outcome) {
  for (Rows rows(database, "distorted", id); rows.next();) {
    const std::string moment = rows.text("moment");
    const auto found = std::find_if(outcome.measurements.begin(), outcome.measurements.end(),
                                    [&](const Measurement& m) { return m.moment == moment; });
    if (found == outcome.measurements.end()) {
      rows.fail("has a moment at which nothing was measured");
    }
    rows.expect("position", found->distorted.size());
    DistortedMetrics& under = found->distorted.emplace_back();
    under.distortion = rows.text("distortion");
    read_metrics(rows, under.metrics);
    under.metrics.worst_recall = rows.part("worst_recall");
    read_probabilities(rows, under.metrics);
  }
}

void select_classes(const SQLite::Database& database, const std::string& id,
                    std::map<std::string, Metrics>& at) {
  for (Rows rows(database, "classes", id); rows.next();) {
    Metrics& m = metrics_at(rows, at);
    rows.expect("class", m.per_class.size());
    const double recall = rows.part("recall");
    if (rows.count("samples") > 0) m.worst_recall = std::min(m.worst_recall, recall);
    m.per_class.push_back({.samples = rows.count("samples"),
                           .answered = rows.count("answered"),
                           .precision = rows.part("precision"),
                           .recall = recall,
                           .f1 = rows.part("f1")});
  }
}

// Their sums are the samples and answers of the classes.
void check_confusions(const Rows& rows, const std::map<std::string, Metrics>& at) {
  for (const auto& [moment, m] : at) {
    const std::size_t classes = m.per_class.size();
    if (m.confusion.counts.size() != classes * classes) {
      rows.fail(fmt::format("pairs of classes are missing ({})", moment));
    }
    for (std::size_t c = 0; c < classes; ++c) {
      std::uint64_t samples = 0;
      std::uint64_t answered = 0;
      for (std::size_t other = 0; other < classes; ++other) {
        samples += m.confusion.at(c, other);
        answered += m.confusion.at(other, c);
      }
      if (samples != m.per_class[c].samples || answered != m.per_class[c].answered) {
        rows.fail(fmt::format("the counts of class {} do not add up ({})", c, moment));
      }
    }
  }
}

// Whether a class is one of those that were measured, where any was.
bool is_class(const std::string& label, const Outcome& outcome) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), number);
  return error == std::errc() && end == label.data() + label.size() &&
         std::all_of(outcome.measurements.begin(), outcome.measurements.end(),
                     [&](const Measurement& m) { return number < m.metrics.per_class.size(); });
}

Json configuration_in(Rows& rows, const Outcome& outcome) {
  const std::string text = rows.text("configuration");
  std::optional<Json> parsed = parse_json(text);
  if (!parsed) rows.fail("its configuration is not JSON, or nested too deep");
  Json& configuration = *parsed;
  const std::string wrong = difference_from_shape(configuration, Json::parse(trial_shape));
  if (!wrong.empty()) rows.fail("its configuration: " + wrong);
  if (configuration.contains("subset") && configuration["subset"].contains("keep")) {
    for (const auto& [label, part] : configuration["subset"]["keep"].items()) {
      if (!is_class(label, outcome)) {
        rows.fail(fmt::format("its configuration: there is no class \"{}\"", label));
      }
    }
  }
  return std::move(configuration);
}

// The columns by which people group trials say what the configuration says.
void check_columns(Rows& row, const Json& configuration) {
  const Json subset = configuration.value("subset", Json::object());
  const Json& choices = configuration["choices"];
  const auto check = [&](const char* column, const Json& known, const auto& read) {
    const Json claimed = row.is_null(column) ? Json() : Json(read(column));
    if (claimed != known) {
      row.fail(fmt::format("its {} is {}, and {} in its configuration", column, text_of(claimed),
                           text_of(known)));
    }
  };
  const auto text = [&](const char* column) { return row.text(column); };
  const auto number = [&](const char* column) { return row.number(column); };
  const auto count = [&](const char* column) { return row.count(column); };
  if (configuration.contains("data")) check("data", configuration["data"], text);
  check("fraction", subset.value("fraction", Json()), number);
  check("per_class", subset.value("per_class", Json()), count);
  check("keep", choices.value("keep", Json()), text);
  if (choices.contains("protocol")) check("protocol", choices["protocol"], text);
  if (choices.contains("sleep") && choices["sleep"] != "none")
    check("sleep", choices["sleep"], text);
  const Json training = configuration.value("training", Json::object());
  if (training.contains("epochs")) check("epochs", training["epochs"], count);
  const Json& seed = configuration["seed"];
  if (!seed.is_number_unsigned()) row.fail("its seed is no whole number");
  // SQLite's numbers end before ours.
  if (seed.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max()) {
    check("seed", seed, count);
  }
}

// Rows follow each other by task learned, moment and task; "after_sleep" comes before "before".
void select_sequence(const SQLite::Database& database, const std::string& id, Outcome& outcome) {
  Rows about(database, "sequences", id);
  if (!about.next()) return;
  SequenceOutcome& sequence = outcome.sequence.emplace();
  sequence.stored = about.count("stored");
  sequence.reads_old = about.count("reads_old") != 0;
  Rows rows(database, "task_accuracies", id);
  while (rows.next()) {
    const std::uint64_t learned = rows.count("learned");
    if (sequence.rows.empty() || sequence.rows.back().learned != learned) {
      sequence.rows.push_back({.learned = learned, .before = {}});
    }
    TaskAccuracies& row = sequence.rows.back();
    const std::string moment = rows.text("moment");
    if (moment != before_sleep && moment != after_sleep) {
      rows.fail(fmt::format("\"{}\" is no moment of a task", moment));
    }
    std::vector<double>& of_tasks = moment == before_sleep ? row.before : row.slept;
    rows.expect("task", of_tasks.size() + 1);
    of_tasks.push_back(rows.part("accuracy"));
  }
  if (sequence.rows.empty()) rows.fail("there are no accuracies of its tasks");
  const std::size_t tasks = sequence.rows.front().before.size();
  for (const TaskAccuracies& row : sequence.rows) {
    const bool fits = !row.before.empty() && row.before.size() == tasks &&
                      (row.slept.empty() || row.slept.size() == tasks) && row.learned <= tasks;
    if (!fits) rows.fail("accuracies of its tasks are missing");
  }
}

void select_lists(const SQLite::Database& database, const std::string& id, int version,
                  Outcome& outcome) {
  if (version >= 2) {
    for (Rows rows(database, "fitted", id); rows.next();) {
      outcome.fitted.push_back({.name = rows.text("name"), .value = rows.number("value")});
    }
  }
  for (Rows rows(database, "durations", id); rows.next();) {
    outcome.durations.push_back({.what = rows.text("what"), .seconds = rows.number("seconds")});
  }
}

}  // namespace

StoredTrial select_trial(const SQLite::Database& database, const std::string& id, int version) {
  Rows row(database, "trials", id, "id");
  if (!row.next()) row.fail("is not there");
  StoredTrial trial{.id = id,
                    .configuration = {},
                    .outcome = {},
                    .name = {},
                    .origin = {.program = row.text("program"),
                               .machine = row.text("machine"),
                               .finished = row.text("finished")}};
  if (version >= 6 && !row.is_null("numbers")) {
    trial.origin.numbers = static_cast<int>(row.count("numbers"));
  }
  Outcome& outcome = trial.outcome;
  outcome.samples = row.count("samples");
  if (!row.is_null("failure")) outcome.failure = row.text("failure");
  outcome.waking_factor = row.number_or_null("gain");
  std::map<std::string, Metrics> at;
  std::map<std::string, std::string> networks;
  select_measurements(database, id, version, at, networks);
  select_classes(database, id, at);
  if (version < 6) select_older_confusions(database, id, at);
  check_confusions(Rows(database, "measurements", id), at);
  for (const char* moment : moments) {
    if (!at.contains(moment)) continue;
    outcome.measurements.push_back(
        {.moment = moment, .metrics = std::move(at[moment]), .network_sha256 = networks[moment]});
  }
  if (version >= 5) select_distorted(database, id, outcome);
  if (!row.is_null("sleep_end")) {
    outcome.sleep.emplace(
        SleepOutcome{.end = row.text("sleep_end"), .steps = row.count("sleep_steps")});
    select_sleep(database, id, version, *outcome.sleep);
  }
  if (version >= 4) select_sequence(database, id, outcome);
  select_lists(database, id, version, outcome);
  trial.configuration = configuration_in(row, outcome);
  check_columns(row, trial.configuration);
  return trial;
}

}  // namespace hypnos

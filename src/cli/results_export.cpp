#include "cli/results_export.hpp"

#include <fmt/format.h>

#include <set>

#include "cli/metrics_json.hpp"

namespace hypnos::cli {
namespace {

Json to_json(const WeightSummary& w) {
  return {{"mean", w.mean}, {"deviation", w.deviation}, {"low", w.low},
          {"high", w.high}, {"positive", w.positive},   {"sparsity", w.sparsity}};
}

Json to_json(const ResponseSummary& r) {
  return {{"units", r.units},
          {"active", r.active},
          {"sparsity", r.sparsity},
          {"hoyer", r.hoyer},
          {"class_correlation", r.class_correlation},
          {"correlations", r.correlations}};
}

Json to_json(const SleepOutcome& sleep) {
  Json json = {{"end", sleep.end}, {"steps", sleep.steps}};
  for (const LayerActivity& a : sleep.activity) {
    Json layer = {{"units", a.units}, {"spikes", a.spikes}, {"rate", a.rate}};
    if (a.threshold) layer["threshold"] = *a.threshold;
    json["activity"].push_back(layer);
  }
  for (const LayerWeights& w : sleep.weights) {
    Json layer = {{"before", to_json(w.before)},
                  {"after", to_json(w.after)},
                  {"strengthened", w.change.strengthened},
                  {"weakened", w.change.weakened}};
    if (!w.histogram_after.counts.empty()) {
      layer["strengthened_strongly"] = w.change.strengthened_strongly;
      layer["weakened_strongly"] = w.change.weakened_strongly;
      layer["size"] = w.change.size;
      layer["largest_increase"] = w.change.largest_increase;
      layer["largest_decrease"] = w.change.largest_decrease;
      layer["of_top_1pct"] = w.change.of_top_1pct;
      layer["of_top_10pct"] = w.change.of_top_10pct;
      layer["histogram"] = {{"low", w.histogram_after.low},
                            {"high", w.histogram_after.high},
                            {"before", w.histogram_before.counts},
                            {"after", w.histogram_after.counts}};
    }
    json["weights"].push_back(std::move(layer));
  }
  for (const LayerResponses& r : sleep.responses) {
    json["responses"].push_back({{"before", to_json(r.before)}, {"after", to_json(r.after)}});
  }
  return json;
}

// A trial as one level of names and values.
Json flat(const StoredTrial& trial) {
  const Outcome& outcome = trial.outcome;
  Json row = words_of(trial);
  row["samples"] = outcome.samples;
  for (const Measurement& m : outcome.measurements) {
    row[m.moment + "_accuracy"] = m.metrics.accuracy;
    row[m.moment + "_balanced_accuracy"] = m.metrics.balanced_accuracy;
    row[m.moment + "_macro_f1"] = m.metrics.macro_f1;
    row[m.moment + "_geometric_mean"] = m.metrics.geometric_mean;
  }
  if (outcome.sleep) {
    row["sleep_end"] = outcome.sleep->end;
    row["sleep_steps"] = outcome.sleep->steps;
  }
  if (outcome.gain) row["gain"] = *outcome.gain;
  for (const Fitted& f : outcome.fitted) row[f.name] = f.value;
  for (const Duration& d : outcome.durations) row["seconds_" + d.what] = d.seconds;
  row["failure"] = outcome.failure;
  row["program"] = trial.origin.program;
  row["machine"] = trial.origin.machine;
  row["finished"] = trial.origin.finished;
  return row;
}

std::string cell(const Json& value) {
  if (value.is_null()) return "";
  const std::string text = value.is_string() ? value.get<std::string>() : text_of(value);
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

Json words_of(const StoredTrial& trial) {
  Json words = {{"id", trial.id}};
  if (!trial.name.empty()) words["name"] = trial.name;
  words.update(trial.configuration.at("choices"));
  words["seed"] = trial.configuration.at("seed");
  return words;
}

std::string to_csv(std::span<const StoredTrial> trials) {
  std::vector<Json> rows;
  rows.reserve(trials.size());
  for (const StoredTrial& trial : trials) rows.push_back(flat(trial));
  return to_csv(rows);
}

std::string to_csv(std::span<const Json> rows) {
  std::vector<std::string> columns;
  std::set<std::string> known;
  for (const Json& row : rows) {
    for (const auto& [name, value] : row.items()) {
      if (known.insert(name).second) columns.push_back(name);
    }
  }
  std::string text = fmt::format("{}\n", fmt::join(columns, ","));
  for (const Json& row : rows) {
    std::string line;
    for (const std::string& column : columns) line += "," + cell(row.value(column, Json()));
    text += line.substr(1) + "\n";
  }
  return text;
}

Json to_json(const StoredTrial& trial) {
  const Outcome& outcome = trial.outcome;
  Json json = {{"id", trial.id},
               {"name", trial.name.empty() ? Json() : Json(trial.name)},
               {"configuration", trial.configuration},
               {"samples", outcome.samples},
               {"failure", outcome.failure.empty() ? Json() : Json(outcome.failure)}};
  for (const Measurement& m : outcome.measurements) {
    json["measurements"][m.moment] = to_json(m.metrics);
  }
  if (outcome.sleep) json["sleep"] = to_json(*outcome.sleep);
  if (outcome.gain) json["gain"] = *outcome.gain;
  for (const Fitted& f : outcome.fitted) json["fitted"][f.name] = f.value;
  for (const Duration& d : outcome.durations) json["seconds"][d.what] = d.seconds;
  json["program"] = trial.origin.program;
  json["machine"] = trial.origin.machine;
  json["finished"] = trial.origin.finished;
  return json;
}

}  // namespace hypnos::cli

#include "hypnos/exports.hpp"

#include <cmath>
#include <vector>

#include "hypnos/numbers.hpp"
#include "results/csv.hpp"
#include "results/layer_numbers.hpp"
#include "results/outcome_json.hpp"
#include "results/trial_words.hpp"

namespace hypnos {
namespace {

// A trial as one level of names and values.
Json flat(const StoredTrial& trial) {
  const Outcome& outcome = trial.outcome;
  Json row = trial_words(trial);
  row["samples"] = outcome.samples;
  for (const Measurement& m : outcome.measurements) {
    row[m.moment + "_accuracy"] = m.metrics.accuracy;
    row[m.moment + "_balanced_accuracy"] = m.metrics.balanced_accuracy;
    row[m.moment + "_macro_f1"] = m.metrics.macro_f1;
    row[m.moment + "_geometric_mean"] = m.metrics.geometric_mean;
    row[m.moment + "_worst_recall"] = m.metrics.worst_recall;
    if (const auto& p = m.metrics.probabilities) {
      row[m.moment + "_cross_entropy"] = p->cross_entropy;
      row[m.moment + "_calibration_error"] = p->calibration_error;
      row[m.moment + "_roc_area"] = number_or_null(p->roc_area);
    }
    for (const DistortedMetrics& d : m.distorted) {
      row[m.moment + "_accuracy@" + d.distortion] = d.metrics.accuracy;
    }
  }
  if (outcome.sequence) row.update(measures_json(*outcome.sequence));
  if (outcome.sleep) {
    row["sleep_end"] = outcome.sleep->end;
    row["sleep_steps"] = outcome.sleep->steps;
  }
  if (outcome.waking_factor) row["gain"] = *outcome.waking_factor;
  for (const Fitted& f : outcome.fitted) row[f.name] = f.value;
  for (const Duration& d : outcome.durations) row["seconds_" + d.what] = d.seconds;
  row["failure"] = outcome.failure;
  row["program"] = trial.origin.program;
  row["numbers"] = trial.origin.numbers;
  row["machine"] = trial.origin.machine;
  row["finished"] = trial.origin.finished;
  return row;
}

// What determines a trial and what tells its outcome from any other.
Json brief(Json trial) {
  for (const char* of_machine : {"seconds", "machine", "finished"}) trial.erase(of_machine);
  if (trial.contains("measurements")) {
    for (auto& [moment, at] : trial["measurements"].items()) at.erase("per_class");
  }
  if (trial.contains("sleep")) {
    for (const char* in_detail : {"weights", "responses"}) trial["sleep"].erase(in_detail);
  }
  return trial;
}

}  // namespace

std::string trials_csv(std::span<const StoredTrial> trials) {
  std::vector<Json> rows;
  rows.reserve(trials.size());
  for (const StoredTrial& trial : trials) rows.push_back(flat(trial));
  return csv_of(rows);
}

std::string weights_csv(std::span<const StoredTrial> trials) {
  std::vector<Json> rows;
  for (const StoredTrial& trial : trials) {
    const auto layers = layers_of(trial);
    for (std::size_t l = 0; l < layers.size(); ++l) {
      Json row = trial_words(trial);
      row["layer"] = l + 1;
      row["synapses"] = layers[l].synapses;
      for (const LayerNumber& number : numbers_of(layers[l])) {
        row[number.name] = std::isnan(number.value) ? Json() : Json(number.value);
      }
      rows.push_back(std::move(row));
    }
  }
  return csv_of(rows);
}

Json to_json(const StoredTrial& trial) {
  Json json = {{"id", trial.id},
               {"name", trial.name.empty() ? Json() : Json(trial.name)},
               {"configuration", trial.configuration}};
  json.update(to_json(trial.outcome));
  json["program"] = trial.origin.program;
  json["numbers"] = trial.origin.numbers;
  json["machine"] = trial.origin.machine;
  json["finished"] = trial.origin.finished;
  return json;
}

Json to_json(const Study& study) {
  return {{"name", study.name},
          {"answers", study.answers},
          {"plan", study.plan},
          {"planned", study.planned},
          {"done", study.done}};
}

Json results_json(std::span<const Study> studies, std::span<const StoredTrial> trials,
                  Extent extent) {
  Json json = {{"hypnos_results", 1}, {"numbers", Json::array()}};
  for (const NumbersChange& change : numbers_changes()) {
    json["numbers"].push_back({{"version", change.version}, {"what", change.what}});
  }
  json["studies"] = Json::array();
  for (const Study& study : studies) json["studies"].push_back(to_json(study));
  json["trials"] = Json::array();
  for (const StoredTrial& trial : trials) {
    json["trials"].push_back(extent == Extent::all ? to_json(trial) : brief(to_json(trial)));
  }
  return json;
}

}  // namespace hypnos

#include "hypnos/exports.hpp"

#include <cmath>
#include <vector>

#include "results/csv.hpp"
#include "results/layer_numbers.hpp"
#include "results/metrics_json.hpp"
#include "results/trial_words.hpp"

namespace hypnos {
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

// A number that is not there is null.
Json number_or_null(const std::optional<double>& number) {
  return number ? Json(*number) : Json();
}

// What is left of tasks in sequence, as one level.
Json measures_json(const SequenceOutcome& sequence) {
  const SequenceMeasures measures = measures_of(sequence.rows);
  return {{"mean_task_accuracy", measures.mean_accuracy},
          {"backward_transfer", number_or_null(measures.backward_transfer)},
          {"forgetting", number_or_null(measures.forgetting)},
          {"learning_accuracy", number_or_null(measures.learning_accuracy)},
          {"stored_images", sequence.stored},
          {"reads_old_images", sequence.reads_old}};
}

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
  row["machine"] = trial.origin.machine;
  row["finished"] = trial.origin.finished;
  return row;
}

}  // namespace

Json to_json(const SequenceOutcome& sequence) {
  Json json = measures_json(sequence);
  json["tasks"] = Json::array();
  for (const TaskAccuracies& row : sequence.rows) {
    Json& task = json["tasks"].emplace_back(Json{{"learned", row.learned}});
    task[before_sleep] = row.before;
    if (!row.slept.empty()) task[after_sleep] = row.slept;
  }
  return json;
}

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
  const Outcome& outcome = trial.outcome;
  Json json = {{"id", trial.id},
               {"name", trial.name.empty() ? Json() : Json(trial.name)},
               {"configuration", trial.configuration},
               {"samples", outcome.samples},
               {"failure", outcome.failure.empty() ? Json() : Json(outcome.failure)}};
  for (const Measurement& m : outcome.measurements) {
    Json& at = json["measurements"][m.moment] = to_json(m.metrics);
    for (const DistortedMetrics& d : m.distorted) {
      Json under = to_json(d.metrics);
      for (const char* of_classes : {"per_class", "confusion"}) under.erase(of_classes);
      under["distortion"] = d.distortion;
      at["distorted"].push_back(std::move(under));
    }
  }
  if (outcome.sequence) json["sequence"] = to_json(*outcome.sequence);
  if (outcome.sleep) json["sleep"] = to_json(*outcome.sleep);
  if (outcome.waking_factor) json["gain"] = *outcome.waking_factor;
  for (const Fitted& f : outcome.fitted) json["fitted"][f.name] = f.value;
  for (const Duration& d : outcome.durations) json["seconds"][d.what] = d.seconds;
  json["program"] = trial.origin.program;
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

}  // namespace hypnos

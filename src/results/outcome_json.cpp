#include "results/outcome_json.hpp"

#include "hypnos/exports.hpp"
#include "results/metrics_json.hpp"

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

}  // namespace

Json number_or_null(const std::optional<double>& number) {
  return number ? Json(*number) : Json();
}

Json measures_json(const SequenceOutcome& sequence) {
  const SequenceMeasures measures = measures_of(sequence.rows);
  return {{"mean_task_accuracy", measures.mean_accuracy},
          {"backward_transfer", number_or_null(measures.backward_transfer)},
          {"forgetting", number_or_null(measures.forgetting)},
          {"learning_accuracy", number_or_null(measures.learning_accuracy)},
          {"stored_images", sequence.stored},
          {"reads_old_images", sequence.reads_old}};
}

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

Json to_json(const Outcome& outcome) {
  Json json = {{"samples", outcome.samples},
               {"failure", outcome.failure.empty() ? Json() : Json(outcome.failure)}};
  for (const Measurement& m : outcome.measurements) {
    Json& at = json["measurements"][m.moment] = to_json(m.metrics);
    if (!m.network_sha256.empty()) at["network_sha256"] = m.network_sha256;
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
  return json;
}

}  // namespace hypnos

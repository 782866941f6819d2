#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "base/json_shape.hpp"
#include "hypnos/error.hpp"
#include "hypnos/exports.hpp"

namespace hypnos {
namespace {

constexpr const char* outcome_shape = R"json({
  "samples": "number",
  "failure": "any",
  "measurements?": {"*": {
    "samples": "number", "accuracy": "number", "balanced_accuracy": "number",
    "macro_f1": "number", "geometric_mean": "number", "worst_recall": "number",
    "cross_entropy?": "number", "calibration_error?": "number", "roc_area?": "number",
    "per_class": [{"samples": "number", "answered": "number", "precision": "number",
                   "recall": "number", "f1": "number"}],
    "confusion": [["number"]],
    "network_sha256?": "text",
    "distorted?": [{"distortion": "text", "samples": "number", "accuracy": "number",
                    "balanced_accuracy": "number", "macro_f1": "number",
                    "geometric_mean": "number", "worst_recall": "number",
                    "cross_entropy?": "number", "calibration_error?": "number",
                    "roc_area?": "number"}]
  }},
  "sequence?": {"stored_images": "number", "reads_old_images": "truth",
                "tasks": [{"learned": "number", "before": ["number"], "after_sleep?": ["number"]}]},
  "sleep?": {
    "end": "text", "steps": "number",
    "activity?": [{"units": "number", "spikes": "number", "rate": "number", "threshold?": "number"}],
    "weights?": [{"before": "object", "after": "object", "strengthened": "number",
                  "weakened": "number", "histogram?": "object"}],
    "responses?": [{"before": "object", "after": "object"}]
  },
  "gain?": "number",
  "fitted?": {"*": "number"},
  "seconds?": {"*": "number"}
})json";

// JSON has no NaN: it is null there.
double number_or_nan(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

Metrics metrics_of(const Json& json) {
  Metrics m{.samples = json.at("samples"),
            .accuracy = json.at("accuracy"),
            .balanced_accuracy = json.at("balanced_accuracy"),
            .macro_f1 = json.at("macro_f1"),
            .geometric_mean = json.at("geometric_mean"),
            .worst_recall = json.at("worst_recall"),
            .confusion = {},
            .per_class = {}};
  if (json.contains("cross_entropy")) {
    m.probabilities = {.cross_entropy = json["cross_entropy"],
                       .calibration_error = json.at("calibration_error")};
    if (json.contains("roc_area")) m.probabilities->roc_area = json["roc_area"].get<double>();
  }
  return m;
}

void add_classes(const Json& json, Metrics& m) {
  m.confusion.classes = json.at("per_class").size();
  for (const Json& of_class : json["per_class"]) {
    m.per_class.push_back({.samples = of_class.at("samples"),
                           .answered = of_class.at("answered"),
                           .precision = of_class.at("precision"),
                           .recall = of_class.at("recall"),
                           .f1 = of_class.at("f1")});
  }
  for (const Json& row : json.at("confusion")) {
    if (row.size() != m.confusion.classes) throw InputError("a confusion matrix is not square");
    for (const Json& count : row) m.confusion.counts.push_back(count.get<std::uint64_t>());
  }
  if (m.confusion.counts.size() != m.confusion.classes * m.confusion.classes) {
    throw InputError("a confusion matrix is not square");
  }
}

Measurement measurement_of(const std::string& moment, const Json& json) {
  Measurement measurement{.moment = moment, .metrics = metrics_of(json)};
  add_classes(json, measurement.metrics);
  measurement.network_sha256 = json.value("network_sha256", "");
  for (const Json& under : json.value("distorted", Json::array())) {
    measurement.distorted.push_back({under.at("distortion"), metrics_of(under)});
  }
  return measurement;
}

SequenceOutcome sequence_of(const Json& json) {
  SequenceOutcome sequence{
      .rows = {}, .stored = json.at("stored_images"), .reads_old = json.at("reads_old_images")};
  for (const Json& row : json.at("tasks")) {
    sequence.rows.push_back({.learned = row.at("learned"),
                             .before = row.at(before_sleep).get<std::vector<double>>(),
                             .slept = row.value(after_sleep, std::vector<double>())});
  }
  return sequence;
}

WeightSummary summary_of(const Json& json) {
  return {.mean = json.at("mean"),
          .deviation = json.at("deviation"),
          .low = json.at("low"),
          .high = json.at("high"),
          .positive = json.at("positive"),
          .sparsity = json.at("sparsity")};
}

LayerWeights weights_of(const Json& json) {
  LayerWeights w{
      .before = summary_of(json.at("before")),
      .after = summary_of(json.at("after")),
      .change = {.strengthened = json.at("strengthened"), .weakened = json.at("weakened")}};
  if (!json.contains("histogram")) return w;
  w.change.strengthened_strongly = json.at("strengthened_strongly");
  w.change.weakened_strongly = json.at("weakened_strongly");
  w.change.size = json.at("size");
  w.change.largest_increase = json.at("largest_increase");
  w.change.largest_decrease = json.at("largest_decrease");
  w.change.of_top_1pct = json.at("of_top_1pct");
  w.change.of_top_10pct = json.at("of_top_10pct");
  const Json& histogram = json["histogram"];
  const auto counted = [&](const char* when) {
    return WeightHistogram{.low = histogram.at("low"),
                           .high = histogram.at("high"),
                           .counts = histogram.at(when).get<std::vector<std::size_t>>()};
  };
  w.histogram_before = counted("before");
  w.histogram_after = counted("after");
  return w;
}

ResponseSummary responses_of(const Json& json) {
  ResponseSummary r{.units = json.at("units"),
                    .active = json.at("active"),
                    .sparsity = json.at("sparsity"),
                    .hoyer = json.at("hoyer"),
                    .correlations = {},
                    .class_correlation = number_or_nan(json.at("class_correlation"))};
  for (const Json& c : json.at("correlations")) r.correlations.push_back(number_or_nan(c));
  return r;
}

SleepOutcome sleep_of(const Json& json) {
  SleepOutcome sleep{.end = json.at("end"), .steps = json.at("steps")};
  for (const Json& layer : json.value("activity", Json::array())) {
    sleep.activity.push_back(
        {.units = layer.at("units"), .spikes = layer.at("spikes"), .rate = layer.at("rate")});
    if (layer.contains("threshold")) sleep.activity.back().threshold = layer["threshold"];
  }
  for (const Json& layer : json.value("weights", Json::array())) {
    sleep.weights.push_back(weights_of(layer));
  }
  for (const Json& layer : json.value("responses", Json::array())) {
    sleep.responses.push_back(
        {.before = responses_of(layer.at("before")), .after = responses_of(layer.at("after"))});
  }
  return sleep;
}

Outcome outcome_of(const Json& json) {
  Outcome outcome{.samples = json.at("samples")};
  if (!json.at("failure").is_null()) outcome.failure = json["failure"];
  const Json measurements = json.value("measurements", Json::object());
  for (const auto& [moment, at] : measurements.items()) {
    outcome.measurements.push_back(measurement_of(moment, at));
  }
  if (json.contains("sequence")) outcome.sequence = sequence_of(json["sequence"]);
  if (json.contains("sleep")) outcome.sleep = sleep_of(json["sleep"]);
  if (json.contains("gain")) outcome.waking_factor = json["gain"].get<double>();
  const Json fitted = json.value("fitted", Json::object());
  for (const auto& [name, value] : fitted.items()) {
    outcome.fitted.push_back({name, value});
  }
  const Json durations = json.value("seconds", Json::object());
  for (const auto& [what, seconds] : durations.items()) {
    outcome.durations.push_back({what, seconds});
  }
  return outcome;
}

}  // namespace

Outcome read_outcome(const Json& json) {
  const std::string wrong = difference_from_shape(json, Json::parse(outcome_shape));
  if (!wrong.empty()) throw InputError("this is no outcome of a trial: " + wrong);
  try {
    return outcome_of(json);
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("this is no outcome of a trial: {}", error.what()));
  }
}

}  // namespace hypnos

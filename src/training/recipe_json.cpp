#include "training/recipe_json.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

Json stage_json(const TrainedStage& stage) {
  Json json = {{"stage", stage.further ? "finetune" : "train"},
               {"epochs", stage.epochs},
               {"seed", stage.seed}};
  if (stage.updates > 0) json["updates"] = stage.updates;
  if (stage.loss) json["loss"] = *stage.loss;
  if (stage.training) json["training"] = to_json(*stage.training);
  return json;
}

Json stage_json(const SleptStage& stage) {
  Json json = {{"stage", "sleep"}, {"steps", stage.steps}, {"seed", stage.seed}};
  if (!stage.parameters.empty()) json["parameters"] = stage.parameters;
  if (stage.guard) json["guard"] = to_json(*stage.guard);
  if (!stage.input_spikes.empty()) json["input_spikes"] = stage.input_spikes;
  return json;
}

Json stage_json(const WokenStage& stage) {
  return {{"stage", "wake"}, {"gain", stage.gain}};
}

Json stage_json(const PretrainedStage& stage) {
  return {{"stage", "pretrain"},
          {"data", stage.data},
          {"subset", to_json(stage.subset)},
          {"history", to_json(stage.history)}};
}

}  // namespace

Json to_json(const Subset& subset) {
  Json json = Json::object();
  if (subset.fraction) json["fraction"] = *subset.fraction;
  if (subset.per_class) json["per_class"] = *subset.per_class;
  for (const auto& [label, part] : subset.keep) json["keep"][std::to_string(label)] = part;
  json["seed"] = subset.seed;
  return json;
}

Json to_json(const DataReading& reading) {
  Json json = Json::object();
  if (reading.layout) json["layout"] = name_of(*reading.layout);
  if (reading.scale) json["range"] = name_of(*reading.scale);
  if (reading.first_label) json["first_label"] = *reading.first_label;
  const Normalization& normalization = reading.normalization;
  if (normalization.any()) {
    json["normalize"] = {{"standardize", normalization.standardize},
                         {"mean", normalization.means},
                         {"std", normalization.deviations}};
  }
  return json;
}

Json to_json(const DataRecord& record) {
  return {{"samples", record.samples},
          {"shape", record.shape},
          {"sha256", record.sha256},
          {"subset_samples", record.subset_samples},
          {"subset_sha256", record.subset_sha256}};
}

Json to_json(const TrainingOption& option, const OptionValue& value) {
  if (const auto* number = std::get_if<double>(&value)) {
    return option.kind == TrainingOption::Kind::count ? Json(static_cast<std::uint64_t>(*number))
                                                      : Json(*number);
  }
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  return std::get<std::string>(value);
}

Json to_json(const TrainingOptions& options) {
  const TrainingOptions defaults;
  Json json = Json::object();
  for (const TrainingOption& option : training_options()) {
    // Options that are rarely used are left out where they do nothing. So an option that is new
    // does not change the text by which an older trial is known.
    const OptionValue value = option.get(options);
    if (option.always_written || value != option.get(defaults)) {
      json[std::string(option.name)] = to_json(option, value);
    }
  }
  return json;
}

Json to_json(const GuardNote& note) {
  Json json = {{"helps", note.helps},
               {"steps", note.steps},
               {"before", note.before},
               {"after", note.after},
               {"gain", note.after - note.before},
               {"low", note.low},
               {"high", note.high},
               {"samples", note.samples},
               {"objective", note.objective},
               {"moment", note.moment},
               {"fair", note.fair}};
  if (!note.distortions.empty()) json["distort"] = note.distortions;
  return json;
}

Json to_json(const Stage& stage) {
  return std::visit([](const auto& what) { return stage_json(what); }, stage.what);
}

Json to_json(const std::vector<Stage>& history) {
  Json json = Json::array();
  for (const Stage& stage : history) json.push_back(to_json(stage));
  return json;
}

}  // namespace hypnos

#include "hypnos/recipe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hypnos/error.hpp"
#include "training/read_recipe_json.hpp"
#include "training/recipe_json.hpp"

namespace hypnos {
namespace {

constexpr const char* recipe_key = "hypnos.recipe";

// Histories within histories: of networks that were pretrained, and these again, ...
constexpr int deepest = 16;

DataRecord record_from(const Json& json) {
  return {.samples = count_from(json.at("samples")),
          .shape = json.at("shape").get<std::vector<std::size_t>>(),
          .sha256 = json.at("sha256").get<std::string>(),
          .subset_samples = count_from(json.at("subset_samples")),
          .subset_sha256 = json.at("subset_sha256").get<std::string>()};
}

GuardNote guard_from(const Json& json) {
  return {.helps = json.at("helps").get<bool>(),
          .steps = count_from(json.at("steps")),
          .before = json.at("before").get<double>(),
          .after = json.at("after").get<double>(),
          .low = json.at("low").get<double>(),
          .high = json.at("high").get<double>(),
          .samples = count_from(json.at("samples")),
          .objective = json.value("objective", "accuracy"),
          .distortions = json.value("distort", ""),
          .moment = json.value("moment", "awake"),
          .fair = json.value("fair", true)};
}

std::vector<Stage> history_from(const Json& json, int depth);

Stage stage_from(const Json& json, int depth) {
  const auto name = json.at("stage").get<std::string>();
  const auto seed = json.contains("seed") ? count_from(json["seed"]) : 1;
  if (name == "train" || name == "finetune") {
    TrainedStage stage{
        .epochs = count_from(json.at("epochs")), .seed = seed, .further = name == "finetune"};
    if (json.contains("updates")) stage.updates = count_from(json["updates"]);
    if (json.contains("loss")) stage.loss = json["loss"].get<double>();
    if (json.contains("training")) stage.training = training_from(json["training"]);
    return {stage};
  }
  if (name == "sleep") {
    SleptStage stage{.steps = count_from(json.at("steps")),
                     .seed = seed,
                     .parameters = json.value("parameters", ""),
                     .input_spikes = json.value("input_spikes", "")};
    if (json.contains("guard")) stage.guard = guard_from(json["guard"]);
    return {stage};
  }
  if (name == "wake") return {WokenStage{.gain = json.at("gain").get<double>()}};
  if (name == "pretrain") {
    return {PretrainedStage{.data = json.at("data").get<std::string>(),
                            .subset = subset_from(json.at("subset")),
                            .history = history_from(json.at("history"), depth + 1)}};
  }
  throw InputError(fmt::format("stage \"{}\" is not known", name));
}

std::vector<Stage> history_from(const Json& json, int depth) {
  if (!json.is_array()) throw InputError("history is not a list");
  if (depth > deepest) throw InputError("history is too deep");
  std::vector<Stage> history;
  for (const Json& stage : json) history.push_back(stage_from(stage, depth));
  return history;
}

}  // namespace

Recipe read_recipe(const Model& model, const std::string& file) {
  const auto found = model.metadata.find(recipe_key);
  if (found == model.metadata.end()) return {};
  try {
    const std::optional<Json> parsed = parse_json(found->second);
    if (!parsed) throw InputError("it is not JSON, or nested too deep");
    const Json& json = *parsed;
    Recipe recipe{.data = json.at("data").get<std::string>(),
                  .reading = reading_from(json.value("reading", Json::object())),
                  .subset = subset_from(json.at("subset")),
                  .seed = count_from(json.at("seed")),
                  .training = {},
                  .history = history_from(json.at("history"), 0)};
    if (json.contains("record")) recipe.record = record_from(json["record"]);
    if (json.contains("training")) recipe.training = training_from(json["training"]);
    return recipe;
  } catch (const std::exception& error) {
    throw FileError(file, fmt::format("metadata {} is damaged: {}", recipe_key, error.what()));
  }
}

void write_recipe(Model& model, const Recipe& recipe) {
  Json json = {{"data", recipe.data}, {"subset", to_json(recipe.subset)}, {"seed", recipe.seed}};
  if (recipe.reading != DataReading()) json["reading"] = to_json(recipe.reading);
  if (recipe.record) json["record"] = to_json(*recipe.record);
  if (recipe.training) json["training"] = to_json(*recipe.training);
  json["history"] = to_json(recipe.history);
  model.metadata[recipe_key] = text_of(json);
}

std::uint64_t next_seed(const Recipe& recipe) {
  return recipe.seed + recipe.history.size();
}

bool was_pretrained(const Recipe& recipe) {
  return std::any_of(recipe.history.begin(), recipe.history.end(), [](const Stage& stage) {
    return std::holds_alternative<PretrainedStage>(stage.what);
  });
}

std::string changed_by(const Recipe& recipe) {
  for (const Stage& stage : recipe.history) {
    if (const auto* trained = std::get_if<TrainedStage>(&stage.what)) {
      if (trained->further) return "finetune";
    } else if (const auto* slept = std::get_if<SleptStage>(&stage.what)) {
      if (slept->steps > 0) return "sleep";
    } else if (std::holds_alternative<WokenStage>(stage.what)) {
      return "wake";
    }
  }
  return {};
}

}  // namespace hypnos

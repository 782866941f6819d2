#include "training/recipe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

constexpr const char* recipe_key = "hypnos.recipe";

std::uint64_t whole_number(const Json& json) {
  if (!json.is_number_unsigned()) throw InputError(json.dump() + " is not a whole number");
  return json.get<std::uint64_t>();
}

Subset subset_from(const Json& json) {
  Subset subset;
  if (json.contains("fraction")) subset.fraction = json["fraction"].get<double>();
  if (json.contains("per_class")) subset.per_class = whole_number(json["per_class"]);
  const Json keep = json.value("keep", Json::object());
  for (const auto& [label, part] : keep.items()) {
    subset.keep[static_cast<std::uint32_t>(std::stoul(label))] = part.get<double>();
  }
  subset.seed = whole_number(json.at("seed"));
  return subset;
}

template <typename Enum>
void read_name(const Json& json, Enum& value) {
  const auto found = named<Enum>(json.get<std::string>());
  if (!found) throw InputError(fmt::format("{} is not {}", json.dump(), list_names<Enum>()));
  value = *found;
}

TrainingOptions training_from(const Json& json) {
  TrainingOptions o;
  read_name(json.at("output"), o.output);
  read_name(json.at("dropout_form"), o.dropout_form);
  o.biases = json.at("biases").get<bool>();
  o.initial_range = json.at("initial_range").get<double>();
  read_name(json.at("optimizer"), o.optimizer);
  o.learning_rate = json.at("learning_rate").get<double>();
  o.momentum = json.at("momentum").get<double>();
  o.batch_size = whole_number(json.at("batch_size"));
  o.dropout = json.at("dropout").get<double>();
  o.epochs = whole_number(json.at("epochs"));
  o.weight_decay = json.value("weight_decay", 0.0);
  if (json.contains("schedule")) read_name(json["schedule"], o.schedule);
  if (json.contains("class_balance")) read_name(json["class_balance"], o.balance);
  o.augmentation = {.shift = json.value("augment_shift", 0.0),
                    .rotation = json.value("augment_rotation", 0.0)};
  return o;
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

Json to_json(const TrainingOptions& o) {
  Json json = {{"output", name_of(o.output)},
               {"dropout_form", name_of(o.dropout_form)},
               {"biases", o.biases},
               {"initial_range", o.initial_range},
               {"optimizer", name_of(o.optimizer)},
               {"learning_rate", o.learning_rate},
               {"momentum", o.momentum},
               {"batch_size", o.batch_size},
               {"dropout", o.dropout},
               {"epochs", o.epochs}};
  // Only what is not as ever: the text of a configuration is what a trial is known by.
  if (o.weight_decay > 0) json["weight_decay"] = o.weight_decay;
  if (o.schedule != Schedule::constant) json["schedule"] = name_of(o.schedule);
  if (o.balance != ClassBalance::none) json["class_balance"] = name_of(o.balance);
  if (o.augmentation.shift > 0) json["augment_shift"] = o.augmentation.shift;
  if (o.augmentation.rotation > 0) json["augment_rotation"] = o.augmentation.rotation;
  return json;
}

Recipe read_recipe(const Model& model, const std::string& file) {
  const auto found = model.metadata.find(recipe_key);
  if (found == model.metadata.end()) return {};
  try {
    const Json json = Json::parse(found->second);
    Recipe recipe;
    recipe.data = json.at("data").get<std::string>();
    recipe.subset = subset_from(json.at("subset"));
    recipe.seed = whole_number(json.at("seed"));
    if (json.contains("training")) recipe.training = training_from(json["training"]);
    recipe.history = json.at("history");
    if (!recipe.history.is_array()) throw InputError("history is not a list");
    return recipe;
  } catch (const std::exception& error) {
    throw FileError(file, fmt::format("metadata {} is damaged: {}", recipe_key, error.what()));
  }
}

void write_recipe(Model& model, const Recipe& recipe) {
  Json json = {{"data", recipe.data}, {"subset", to_json(recipe.subset)}, {"seed", recipe.seed}};
  if (recipe.training) json["training"] = to_json(*recipe.training);
  json["history"] = recipe.history;
  model.metadata[recipe_key] = text_of(json);
}

Json training_stage(const std::string& stage, std::span<const EpochReport> reports,
                    std::uint64_t seed) {
  Json json = {{"stage", stage}, {"epochs", reports.size()}, {"seed", seed}};
  if (!reports.empty()) json["loss"] = reports.back().loss;
  return json;
}

std::uint64_t further_training_seed(const Recipe& recipe) {
  return recipe.seed + recipe.history.size();
}

bool was_pretrained(const Recipe& recipe) {
  return std::any_of(recipe.history.begin(), recipe.history.end(),
                     [](const Json& stage) { return stage.value("stage", "") == "pretrain"; });
}

std::string changed_by(const Recipe& recipe) {
  for (const Json& stage : recipe.history) {
    const std::string name = stage.value("stage", "");
    const bool guarded = name == "sleep" && stage.value("steps", 1) == 0;
    if (name != "pretrain" && name != "train" && !guarded) return name;
  }
  return {};
}

Recipe begin_from(const Recipe& pretrained, Recipe recipe) {
  recipe.history = Json::array();
  recipe.history.push_back({{"stage", "pretrain"},
                            {"data", pretrained.data},
                            {"subset", to_json(pretrained.subset)},
                            {"history", pretrained.history}});
  return recipe;
}

}  // namespace hypnos

#include "cli/recipe.hpp"

#include <fmt/format.h>

#include "hypnos/error.hpp"

namespace hypnos::cli {
namespace {

constexpr const char* recipe_key = "hypnos.recipe";

Subset subset_from(const Json& json) {
  Subset subset;
  if (json.contains("fraction")) subset.fraction = json["fraction"].get<double>();
  if (json.contains("per_class")) subset.per_class = json["per_class"].get<std::size_t>();
  const Json keep = json.value("keep", Json::object());
  for (const auto& [label, part] : keep.items()) {
    subset.keep[static_cast<std::uint32_t>(std::stoul(label))] = part.get<double>();
  }
  subset.seed = json.at("seed").get<std::uint64_t>();
  return subset;
}

TrainingOptions training_from(const Json& json) {
  TrainingOptions o;
  o.output = json.at("output") == "relu" ? OutputKind::relu : OutputKind::softmax;
  o.dropout_form =
      json.at("dropout_form") == "classical" ? DropoutForm::classical : DropoutForm::inverted;
  o.biases = json.at("biases").get<bool>();
  o.initial_range = json.at("initial_range").get<double>();
  o.optimizer = json.at("optimizer") == "adam" ? Optimizer::adam : Optimizer::sgd;
  o.learning_rate = json.at("learning_rate").get<double>();
  o.momentum = json.at("momentum").get<double>();
  o.batch_size = json.at("batch_size").get<std::size_t>();
  o.dropout = json.at("dropout").get<double>();
  o.epochs = json.at("epochs").get<std::uint64_t>();
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
  return {{"output", name_of(o.output)},
          {"dropout_form", name_of(o.dropout_form)},
          {"biases", o.biases},
          {"initial_range", o.initial_range},
          {"optimizer", o.optimizer == Optimizer::adam ? "adam" : "sgd"},
          {"learning_rate", o.learning_rate},
          {"momentum", o.momentum},
          {"batch_size", o.batch_size},
          {"dropout", o.dropout},
          {"epochs", o.epochs}};
}

Recipe read_recipe(const Model& model) {
  const auto found = model.metadata.find(recipe_key);
  if (found == model.metadata.end()) return {};
  try {
    const Json json = Json::parse(found->second);
    Recipe recipe;
    recipe.data = json.at("data").get<std::string>();
    recipe.subset = subset_from(json.at("subset"));
    recipe.seed = json.at("seed").get<std::uint64_t>();
    if (json.contains("training")) recipe.training = training_from(json["training"]);
    recipe.history = json.at("history");
    return recipe;
  } catch (const std::exception& error) {
    throw InputError(
        fmt::format("the model's metadata {} is damaged: {}", recipe_key, error.what()));
  }
}

void write_recipe(Model& model, const Recipe& recipe) {
  Json json = {{"data", recipe.data}, {"subset", to_json(recipe.subset)}, {"seed", recipe.seed}};
  if (recipe.training) json["training"] = to_json(*recipe.training);
  json["history"] = recipe.history;
  model.metadata[recipe_key] = json.dump();
}

}  // namespace hypnos::cli

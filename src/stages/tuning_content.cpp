#include "base/json.hpp"
#include "data/checksum.hpp"
#include "data/open_data.hpp"
#include "hypnos/stages.hpp"
#include "training/recipe_json.hpp"

namespace hypnos::stages {
namespace {

template <typename Value>
std::string checksum_of(const std::vector<Value>& values) {
  return sha256({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value)});
}

}  // namespace

std::string tuning_content(const TrainedNetwork& trained) {
  std::string parts;
  for (const Layer& layer : trained.network.layers) {
    parts += checksum_of(std::vector<std::size_t>{layer.outputs, layer.inputs});
    parts += checksum_of(layer.weights) + checksum_of(layer.biases);
  }
  const Recipe& recipe = trained.recipe;
  const OpenData data = open_data(recipe.data, recipe.reading, Split::train);
  parts += record_of(data, draw(data, recipe.subset)).sha256;
  return sha256(parts + text_of(to_json(recipe.reading)));
}

}  // namespace hypnos::stages

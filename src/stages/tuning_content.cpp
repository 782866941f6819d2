#include "data/checksum.hpp"
#include "hypnos/stages.hpp"

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
  Recipe recipe = trained.recipe;
  const Dataset data = whole_training_half(recipe);
  parts += checksum_of(std::vector<std::size_t>{data.shape.rows, data.shape.columns,
                                                data.shape.channels, data.shape.planes()});
  parts += checksum_of(data.images) + checksum_of(data.labels);
  return sha256(parts);
}

}  // namespace hypnos::stages

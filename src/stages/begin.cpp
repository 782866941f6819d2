#include <fmt/format.h>

#include <cassert>

#include "hypnos/error.hpp"
#include "hypnos/stages.hpp"

namespace hypnos::stages {

TrainedNetwork begin(const Recipe& recipe, const Dataset& data,
                     std::span<const std::size_t> hidden) {
  assert(recipe.training.has_value());
  std::vector<std::size_t> sizes = {data.shape.features()};
  sizes.insert(sizes.end(), hidden.begin(), hidden.end());
  sizes.push_back(output_units(*recipe.training, data.classes));
  return {.network = make_network(sizes, *recipe.training, recipe.seed), .recipe = recipe};
}

TrainedNetwork begin_with(const TrainedNetwork& pretrained, const Recipe& recipe,
                          std::size_t classes) {
  assert(recipe.training.has_value());
  const TrainingOptions& training = *recipe.training;
  const Network& old = pretrained.network;
  const bool biases = !old.layers.back().biases.empty();
  if (old.output != training.output || old.dropout_form != training.dropout_form ||
      biases != training.biases) {
    throw InputError(fmt::format(
        "the network to begin with is of another protocol: output {}, {} biases, dropout {}",
        name_of(old.output), biases ? "with" : "without", name_of(old.dropout_form)));
  }
  TrainedNetwork begun = {.network = old, .recipe = recipe};
  begun.network.dropout = static_cast<float>(training.dropout);
  begun.recipe.history = {{PretrainedStage{.data = pretrained.recipe.data,
                                           .subset = pretrained.recipe.subset,
                                           .history = pretrained.recipe.history}}};
  renew_output(begun.network, classes, training, next_seed(begun.recipe));
  return begun;
}

}  // namespace hypnos::stages

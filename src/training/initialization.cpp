#include <fmt/format.h>

#include <cassert>
#include <cmath>

#include "base/memory.hpp"
#include "base/random.hpp"
#include "hypnos/error.hpp"
#include "hypnos/training.hpp"

namespace hypnos {

namespace {

Layer draw_layer(std::size_t inputs, std::size_t outputs, std::size_t position,
                 const TrainingOptions& options, std::uint64_t seed) {
  Layer layer;
  layer.inputs = inputs;
  layer.outputs = outputs;
  const double range = options.initial_range > 0 ? options.initial_range
                                                 : 1 / std::sqrt(static_cast<double>(inputs));
  RandomSequence random(seed, Purpose::weights, position);
  const auto draw = [&] { return static_cast<float>(range) * (2 * random.uniform() - 1); };
  layer.weights.resize(outputs * inputs);
  for (float& w : layer.weights) w = draw();
  if (options.biases) layer.biases.resize(outputs);
  for (float& b : layer.biases) b = draw();
  return layer;
}

}  // namespace

Network make_network(std::span<const std::size_t> sizes, const TrainingOptions& options,
                     std::uint64_t seed) {
  validate(options);
  assert(sizes.size() >= 2);
  constexpr std::size_t max_weights = std::size_t{1} << 30;
  double weights = 0;
  for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
    weights += static_cast<double>(sizes[l]) * static_cast<double>(sizes[l + 1]);
  }
  require_memory(3 * weights * sizeof(float), fmt::format("a network of {:.3g} weights", weights));
  Network network;
  network.output = options.output;
  network.dropout = static_cast<float>(options.dropout);
  network.dropout_form = options.dropout_form;
  for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
    if (sizes[l] == 0 || sizes[l + 1] == 0) throw ParameterError("hidden", "a layer has no units");
    if (sizes[l + 1] > max_weights / sizes[l]) {
      throw ParameterError(
          "hidden", fmt::format("a layer of {} x {} weights is too large", sizes[l + 1], sizes[l]));
    }
    network.layers.push_back(draw_layer(sizes[l], sizes[l + 1], l, options, seed));
  }
  return network;
}

std::size_t output_units(const TrainingOptions& options, std::size_t classes) {
  if (options.output != OutputKind::sigmoid) return classes;
  if (classes <= 2) return 1;
  throw ParameterError("output",
                       fmt::format("a sigmoid is for two classes, and there are {}", classes));
}

void renew_output(Network& network, std::size_t classes, const TrainingOptions& options,
                  std::uint64_t seed) {
  validate(network);
  validate(options);
  const std::size_t last = network.layers.size() - 1;
  network.layers[last] =
      draw_layer(network.layers[last].inputs, output_units(options, classes), last, options, seed);
}

}  // namespace hypnos

#include <fmt/format.h>

#include <cassert>
#include <cmath>

#include "base/random.hpp"
#include "hypnos/error.hpp"
#include "hypnos/training.hpp"

namespace hypnos {

TrainingOptions authors_protocol() {
  return {.output = OutputKind::relu,
          .dropout_form = DropoutForm::classical,
          .biases = false,
          .initial_range = 0.01,
          .optimizer = Optimizer::sgd,
          .learning_rate = 0.01,
          .momentum = 0.5,
          .batch_size = 100,
          .dropout = 0.25,
          .epochs = 10};
}

TrainingOptions modern_protocol() {
  return {.output = OutputKind::softmax,
          .dropout_form = DropoutForm::inverted,
          .biases = true,
          .initial_range = 0,
          .optimizer = Optimizer::sgd,
          .learning_rate = 0.1,
          .momentum = 0.9,
          .batch_size = 100,
          .dropout = 0.25,
          .epochs = 50};
}

void validate(const TrainingOptions& o) {
  const auto require = [](bool holds, const char* name, double value, const char* range) {
    if (!holds || !std::isfinite(value)) {
      throw ParameterError(name, fmt::format("{} is not {}", value, range));
    }
  };
  require(o.initial_range >= 0, "initial-range", o.initial_range, "0 or more");
  require(o.learning_rate > 0 && o.learning_rate < 1e30, "learning-rate", o.learning_rate,
          "positive and below 1e30");
  require(o.momentum >= 0 && o.momentum < 1, "momentum", o.momentum, "in [0, 1)");
  require(o.batch_size > 0, "batch-size", static_cast<double>(o.batch_size), "positive");
  require(o.dropout >= 0 && o.dropout < 1, "dropout", o.dropout, "in [0, 1)");
}

Network make_network(std::span<const std::size_t> sizes, const TrainingOptions& options,
                     std::uint64_t seed) {
  validate(options);
  assert(sizes.size() >= 2);
  constexpr std::size_t max_weights = std::size_t{1} << 30;
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
    Layer layer;
    layer.inputs = sizes[l];
    layer.outputs = sizes[l + 1];
    const double range = options.initial_range > 0
                             ? options.initial_range
                             : 1 / std::sqrt(static_cast<double>(layer.inputs));
    RandomSequence random(seed, Purpose::weights, l);
    const auto draw = [&] { return static_cast<float>(range) * (2 * random.uniform() - 1); };
    layer.weights.resize(layer.outputs * layer.inputs);
    for (float& w : layer.weights) w = draw();
    if (options.biases) layer.biases.resize(layer.outputs);
    for (float& b : layer.biases) b = draw();
    network.layers.push_back(std::move(layer));
  }
  return network;
}

}  // namespace hypnos

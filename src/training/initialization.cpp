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

TrainingOptions finetuning_after(TrainingOptions training) {
  training.epochs = 20;
  if (training.output == OutputKind::softmax) training.learning_rate *= 0.1;
  return training;
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
  require(o.weight_decay >= 0 && o.weight_decay < 1e30, "weight-decay", o.weight_decay,
          "0 or more and below 1e30");
  const Augmentation& a = o.augmentation;
  require(a.shift >= 0 && a.shift < 1e6, "augment-shift", a.shift, "0 or more pixels");
  require(a.rotation >= 0 && a.rotation <= 180, "augment-rotation", a.rotation,
          "in [0, 180] degrees");
}

void check_augmentation(const Augmentation& augmentation, const ImageShape& shape) {
  if (!augmentation.any() || shape.rows == shape.columns) return;
  throw ParameterError(
      augmentation.shift > 0 ? "augment-shift" : "augment-rotation",
      fmt::format("needs square images, and these have {} rows and {} columns; leave it out",
                  shape.rows, shape.columns));
}

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

void renew_output(Network& network, std::size_t classes, const TrainingOptions& options,
                  std::uint64_t seed) {
  validate(network);
  validate(options);
  const std::size_t last = network.layers.size() - 1;
  network.layers[last] = draw_layer(network.layers[last].inputs, classes, last, options, seed);
}

}  // namespace hypnos

#include "torch_training.hpp"

#include <torch/torch.h>

#include <algorithm>
#include <cassert>
#include <vector>

#include "base/random.hpp"

namespace hypnos::bench {
namespace {

struct LayerTensors {
  torch::Tensor weights;  // [outputs x inputs]
  torch::Tensor biases;   // [outputs], or undefined
};

// The tensors look at the vectors' memory.
std::vector<LayerTensors> wrap(Network& network) {
  std::vector<LayerTensors> tensors;
  for (Layer& layer : network.layers) {
    const auto outputs = static_cast<std::int64_t>(layer.outputs);
    const auto inputs = static_cast<std::int64_t>(layer.inputs);
    LayerTensors wrapped;
    wrapped.weights = torch::from_blob(layer.weights.data(), {outputs, inputs});
    if (!layer.biases.empty()) wrapped.biases = torch::from_blob(layer.biases.data(), {outputs});
    tensors.push_back(std::move(wrapped));
  }
  return tensors;
}

torch::Tensor affine(const LayerTensors& layer, const torch::Tensor& below) {
  return layer.biases.defined() ? torch::addmm(layer.biases, below, layer.weights.t())
                                : torch::mm(below, layer.weights.t());
}

std::span<float> values(const torch::Tensor& tensor) {
  assert(tensor.is_contiguous());
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

struct Dropout {
  std::uint32_t below = 0;
  float scale = 1;
};

void rectify_and_drop(std::span<float> activations, std::span<const std::uint32_t> words,
                      Dropout dropout) {
  for (std::size_t i = 0; i < activations.size(); ++i) {
    const float scaled = activations[i] * dropout.scale;
    const float rectified = scaled < 0 ? 0 : scaled;
    activations[i] = words[i] < dropout.below ? 0 : rectified;
  }
}

void pass_error_back(std::span<float> errors, std::span<const float> activations, float scale) {
  for (std::size_t i = 0; i < errors.size(); ++i) {
    errors[i] = activations[i] > 0 ? errors[i] * scale : 0;
  }
}

void step(std::span<float> weights, std::span<float> updates, float momentum) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] -= updates[i];
    updates[i] *= momentum;
  }
}

// The chosen samples: images [samples x features] and one-hot targets.
struct Batch {
  torch::Tensor images;
  torch::Tensor targets;
};

Batch gather(const Dataset& data, std::span<const std::uint32_t> samples, std::size_t classes) {
  const auto count = static_cast<std::int64_t>(samples.size());
  Batch batch{.images = torch::empty({count, static_cast<std::int64_t>(data.shape.features())}),
              .targets = torch::zeros({count, static_cast<std::int64_t>(classes)})};
  auto* image = batch.images.data_ptr<float>();
  auto* target = batch.targets.data_ptr<float>();
  const std::size_t features = data.shape.features();
  for (const std::uint32_t sample : samples) {
    image = std::copy_n(&data.images[sample * features], features, image);
    target[data.labels[sample]] = 1;
    target += classes;
  }
  return batch;
}

}  // namespace

struct TorchTrainer::State {
  State(const Network& from, const TrainingOptions& options, std::uint64_t seed)
      : network(from),
        layers(wrap(network)),
        momentum(static_cast<float>(options.momentum)),
        dropout_random(seed, Purpose::dropout) {
    if (network.dropout_form == DropoutForm::inverted) dropout.scale = 1 / (1 - network.dropout);
    dropout.below = static_cast<std::uint32_t>(double{network.dropout} * 0x1p32);
    for (const LayerTensors& layer : layers) {
      updates.push_back({torch::zeros_like(layer.weights), layer.biases.defined()
                                                               ? torch::zeros_like(layer.biases)
                                                               : torch::Tensor()});
    }
  }

  void forward(const torch::Tensor& images) {
    activations.assign(1, images);
    for (std::size_t l = 0; l < layers.size(); ++l) {
      torch::Tensor a = affine(layers[l], activations.back());
      const bool hidden = l + 1 < layers.size();
      if (hidden && dropout.below > 0) {
        words.resize(static_cast<std::size_t>(a.numel()));
        dropout_random.fill(dropout_position++, words);
        rectify_and_drop(values(a), words, dropout);
      } else if (hidden || network.output == OutputKind::relu) {
        a.relu_();
      }
      activations.push_back(a);
    }
  }

  // dL/dz of the output layer, times the batch size, and the loss.
  std::pair<torch::Tensor, double> output_error(const Batch& batch) {
    const torch::Tensor& a = activations.back();
    if (network.output == OutputKind::relu) {
      torch::Tensor delta = a - batch.targets;
      return {delta, 0.5 * delta.square().sum().item<double>()};
    }
    const torch::Tensor log_probabilities = a.log_softmax(1);
    const torch::Tensor losses = log_probabilities * batch.targets;
    return {log_probabilities.exp().sub_(batch.targets), -losses.sum().item<double>()};
  }

  void backward(torch::Tensor delta, double learning_rate) {
    const double per_sample = 1.0 / static_cast<double>(delta.size(0));
    for (std::size_t l = layers.size(); l-- > 0;) {
      torch::Tensor below;
      if (l > 0) {
        below = torch::mm(delta, layers[l].weights);
        pass_error_back(values(below), values(activations[l]), dropout.scale);
      }
      LayerTensors& update = updates[l];
      const double scale = per_sample * learning_rate;
      update.weights.addmm_(delta.t(), activations[l], 1, scale);
      step(values(layers[l].weights), values(update.weights), momentum);
      if (update.biases.defined()) {
        update.biases.add_(delta.sum(0), scale);
        step(values(layers[l].biases), values(update.biases), momentum);
      }
      delta = below;
    }
  }

  Network network;
  std::vector<LayerTensors> layers;
  std::vector<LayerTensors> updates;
  float momentum;
  Dropout dropout;
  RandomStream dropout_random;
  std::uint64_t dropout_position = 0;
  std::vector<std::uint32_t> words;
  std::vector<torch::Tensor> activations;  // the images, then each layer's
};

TorchTrainer::TorchTrainer(const Network& network, const TrainingOptions& options,
                           std::uint64_t seed) {
  torch::set_num_threads(1);
  state_ = std::make_unique<State>(network, options, seed);
}

TorchTrainer::~TorchTrainer() = default;

double TorchTrainer::update(const Dataset& data, std::span<const std::uint32_t> samples,
                            double learning_rate) {
  const torch::NoGradGuard no_gradients;
  const Batch batch = gather(data, samples, state_->network.outputs());
  state_->forward(batch.images);
  const auto [delta, loss] = state_->output_error(batch);
  state_->backward(delta, learning_rate);
  return loss;
}

const Network& TorchTrainer::network() const {
  return state_->network;
}

std::vector<float> torch_outputs(const Network& network, const Dataset& data) {
  torch::set_num_threads(1);
  const torch::NoGradGuard no_gradients;
  // Only read: libtorch knows no read-only memory.
  const auto layers = wrap(const_cast<Network&>(network));
  std::vector<float> outputs;
  constexpr std::size_t block = 1000;
  for (std::size_t first = 0; first < data.size(); first += block) {
    const std::size_t count = std::min(block, data.size() - first);
    torch::Tensor a = torch::from_blob(
        const_cast<float*>(&data.images[first * network.inputs()]),
        {static_cast<std::int64_t>(count), static_cast<std::int64_t>(network.inputs())});
    for (std::size_t l = 0; l < layers.size(); ++l) {
      const bool hidden = l + 1 < layers.size();
      a = affine(layers[l], a);
      if (hidden || network.output == OutputKind::relu) a.relu_();
      if (hidden && network.test_factor() != 1) a.mul_(network.test_factor());
    }
    const auto block_outputs = values(a);
    outputs.insert(outputs.end(), block_outputs.begin(), block_outputs.end());
  }
  return outputs;
}

}  // namespace hypnos::bench

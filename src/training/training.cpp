// Backpropagation in plain steps on libtorch tensors, without its automatic gradients: the gradient
// of a layer's weights goes by one matrix product straight into the momentum, and the input layer's
// gradient, which nobody needs, is never made.
//
// Squared error with ReLU output a = max(0, z): loss = 0.5 sum (t - a)^2 / batch. As in the
// released code the error is passed on as if the output were linear, dL/dz = (a - t) / batch, so
// that an output unit below zero still learns to answer its class. Cross-entropy: dL/dz =
// (softmax(z) - t) / batch.

#include "hypnos/training.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>
#include <numbers>
#include <optional>

#include "base/random.hpp"
#include "hypnos/error.hpp"
#include "training/elementwise.hpp"
#include "training/sample_order.hpp"
#include "training/tensors.hpp"

namespace hypnos {
namespace {

// The chosen samples: images [samples x features] and one-hot targets.
struct Batch {
  torch::Tensor images;
  torch::Tensor targets;
  torch::Tensor weights;  // [samples x 1] of the losses, or undefined: all 1
};

std::span<float> values(const torch::Tensor& tensor) {
  assert(tensor.is_contiguous());
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

// What is left of the learning rate after this part of all updates.
double rate_left(Schedule schedule, double part) {
  return schedule == Schedule::cosine ? (1 + std::cos(std::numbers::pi * part)) / 2 : 1;
}

class Trainer {
 public:
  Trainer(Network& network, const TrainingOptions& options, std::uint64_t seed)
      : options_(options),
        output_(network.output),
        layers_(wrap(network)),
        dropout_random_(seed, Purpose::dropout) {
    if (network.dropout_form == DropoutForm::inverted) dropout_.scale = 1 / (1 - network.dropout);
    dropout_.below = static_cast<std::uint32_t>(double{network.dropout} * 0x1p32);
    std::vector<torch::Tensor> parameters;
    for (const LayerTensors& layer : layers_) {
      parameters.push_back(layer.weights);
      if (layer.biases.defined()) parameters.push_back(layer.biases);
      updates_.push_back({torch::zeros_like(layer.weights), layer.biases.defined()
                                                                ? torch::zeros_like(layer.biases)
                                                                : torch::Tensor()});
    }
    if (options.optimizer == Optimizer::adam) {
      for (std::size_t l = 0; l < layers_.size(); ++l) {
        layers_[l].weights.mutable_grad() = updates_[l].weights;
        if (layers_[l].biases.defined()) layers_[l].biases.mutable_grad() = updates_[l].biases;
      }
      adam_.emplace(
          parameters,
          torch::optim::AdamOptions(options.learning_rate).weight_decay(options.weight_decay));
    }
  }

  /// One update from a batch, by so large a step; the sum of its samples' losses.
  double update(const Batch& batch, double learning_rate) {
    forward(batch.images);
    const auto [delta, loss] = output_error(batch);
    backward(delta, learning_rate);
    return loss;
  }

 private:
  void forward(const torch::Tensor& images) {
    activations_.assign(1, images);
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      torch::Tensor a = affine(layers_[l], activations_.back());
      const bool hidden = l + 1 < layers_.size();
      if (hidden && dropout_.below > 0) {
        words_.resize(static_cast<std::size_t>(a.numel()));
        dropout_random_.fill(dropout_position_++, words_);
        rectify_and_drop(values(a), words_, dropout_);
      } else if (hidden || output_ == OutputKind::relu) {
        a.relu_();
      }
      activations_.push_back(a);
    }
  }

  // dL/dz of the output layer, times the batch size, and the loss.
  std::pair<torch::Tensor, double> output_error(const Batch& batch) {
    const torch::Tensor& a = activations_.back();
    if (output_ == OutputKind::relu) {
      torch::Tensor delta = a - batch.targets;
      torch::Tensor losses = delta.square();
      if (batch.weights.defined()) {
        losses.mul_(batch.weights);
        delta.mul_(batch.weights);
      }
      return {delta, 0.5 * losses.sum().item<double>()};
    }
    const torch::Tensor log_probabilities = a.log_softmax(1);
    torch::Tensor losses = log_probabilities * batch.targets;
    torch::Tensor delta = log_probabilities.exp().sub_(batch.targets);
    if (batch.weights.defined()) {
      losses.mul_(batch.weights);
      delta.mul_(batch.weights);
    }
    return {delta, -losses.sum().item<double>()};
  }

  void backward(torch::Tensor delta, double learning_rate) {
    const double per_sample = 1.0 / static_cast<double>(delta.size(0));
    for (std::size_t l = layers_.size(); l-- > 0;) {
      torch::Tensor below;
      if (l > 0) {
        below = torch::mm(delta, layers_[l].weights);
        pass_error_back(values(below), values(activations_[l]), dropout_.scale);
      }
      accumulate(l, delta, per_sample, learning_rate);
      delta = below;
    }
    if (!adam_) return;
    adam_->param_groups()[0].options().set_lr(learning_rate);
    adam_->step();
  }

  void accumulate(std::size_t l, const torch::Tensor& delta, double per_sample,
                  double learning_rate) {
    LayerTensors& update = updates_[l];
    const double keep = adam_ ? 0 : 1;  // step() has multiplied by the momentum
    const double scale = adam_ ? per_sample : per_sample * learning_rate;
    update.weights.addmm_(delta.t(), activations_[l], keep, scale);
    if (update.biases.defined()) update.biases.mul_(keep).add_(delta.sum(0), scale);
    if (!adam_) {
      const auto momentum = static_cast<float>(options_.momentum);
      if (options_.weight_decay > 0) {
        const double decay = learning_rate * options_.weight_decay;
        update.weights.add_(layers_[l].weights, decay);
        if (update.biases.defined()) update.biases.add_(layers_[l].biases, decay);
      }
      step(values(layers_[l].weights), values(update.weights), momentum);
      if (update.biases.defined()) {
        step(values(layers_[l].biases), values(update.biases), momentum);
      }
    }
  }

  const TrainingOptions& options_;
  OutputKind output_;
  std::vector<LayerTensors> layers_;
  std::vector<LayerTensors> updates_;  // SGD: momentum times the last; Adam: the gradients
  std::optional<torch::optim::Adam> adam_;

  Dropout dropout_;
  RandomStream dropout_random_;
  std::uint64_t dropout_position_ = 0;  // one sub-stream for each hidden layer of each batch
  std::vector<std::uint32_t> words_;

  std::vector<torch::Tensor> activations_;  // the images, then each layer's
};

void check_fit(const Network& network, const Dataset& data) {
  if (data.size() == 0) throw InputError("there are no samples to train on");
  if (data.shape.features() != network.inputs()) {
    throw InputError(fmt::format("images of {} pixels for a network of {} inputs",
                                 data.shape.features(), network.inputs()));
  }
  if (data.classes > network.outputs()) {
    throw InputError(
        fmt::format("{} classes for a network of {} outputs", data.classes, network.outputs()));
  }
}

// @param class_weights [classes], or empty
Batch gather(const Dataset& data, std::span<const std::uint32_t> samples, std::size_t classes,
             std::span<const double> class_weights) {
  const std::size_t features = data.shape.features();
  const auto count = static_cast<std::int64_t>(samples.size());
  Batch batch{.images = torch::empty({count, static_cast<std::int64_t>(features)}),
              .targets = torch::zeros({count, static_cast<std::int64_t>(classes)}),
              .weights = {}};
  if (!class_weights.empty()) {
    batch.weights = torch::empty({count, 1});
    auto* weight = batch.weights.data_ptr<float>();
    for (const std::uint32_t sample : samples) {
      *weight++ = static_cast<float>(class_weights[data.labels[sample]]);
    }
  }
  auto* image = batch.images.data_ptr<float>();
  auto* target = batch.targets.data_ptr<float>();
  for (const std::uint32_t sample : samples) {
    const auto from = data.image(sample);
    image = std::copy(from.begin(), from.end(), image);
    target[data.labels[sample]] = 1;
    target += classes;
  }
  return batch;
}

// Turned and moved by random numbers of the places that the images have in all of training.
torch::Tensor augment(const torch::Tensor& images, const ImageShape& shape,
                      const Augmentation& augmentation, const RandomStream& random,
                      std::uint64_t first_place) {
  const std::int64_t count = images.size(0);
  const auto side = static_cast<std::int64_t>(shape.rows);
  const auto channels = static_cast<std::int64_t>(shape.channels);
  // Rows of the matrix that takes a pixel's place, from -1 to 1, to where it comes from.
  torch::Tensor transforms = torch::empty({count, 2, 3});
  auto* t = transforms.data_ptr<float>();
  for (std::int64_t s = 0; s < count; ++s, t += 6) {
    const auto words = random.block(first_place + static_cast<std::uint64_t>(s), 0);
    const auto uniform = [&](std::size_t word, double range) {
      return range * (static_cast<double>(words[word]) * 0x1p-31 - 1);
    };
    const double angle = uniform(0, augmentation.rotation) * (std::numbers::pi / 180);
    const double per_pixel = 2 / static_cast<double>(side);
    const double transform[] = {
        std::cos(angle), -std::sin(angle), uniform(1, augmentation.shift) * per_pixel,
        std::sin(angle), std::cos(angle),  uniform(2, augmentation.shift) * per_pixel};
    std::transform(std::begin(transform), std::end(transform), t,
                   [](double value) { return static_cast<float>(value); });
  }
  namespace F = torch::nn::functional;
  const torch::Tensor grid =
      F::affine_grid(transforms, {count, channels, side, side}, /*align_corners=*/false);
  const auto by_channel = images.view({count, side, side, channels}).permute({0, 3, 1, 2});
  const torch::Tensor moved = F::grid_sample(by_channel, grid,
                                             F::GridSampleFuncOptions()
                                                 .mode(torch::kBilinear)
                                                 .padding_mode(torch::kZeros)
                                                 .align_corners(false));
  return moved.permute({0, 2, 3, 1}).reshape({count, images.size(1)});
}

}  // namespace

std::vector<EpochReport> train(Network& network, const Dataset& data,
                               const TrainingOptions& options, std::uint64_t seed,
                               const TrainingProgress& progress) {
  validate(network);
  validate(options);
  check_fit(network, data);
  check_augmentation(options.augmentation, data.shape);
  const torch::NoGradGuard no_gradients;
  Trainer trainer(network, options, seed);
  RandomSequence order_random(seed, Purpose::shuffling);
  SampleOrder samples(data, options.balance);
  const std::vector<double> weights =
      options.balance == ClassBalance::weights ? class_weights(data) : std::vector<double>();
  const RandomStream augmenting(seed, Purpose::augmentation);
  std::uint64_t shown = 0;

  std::vector<EpochReport> reports;
  EpochReport last;
  for (std::uint64_t epoch = 1; epoch <= options.epochs; ++epoch) {
    const std::span<const std::uint32_t> order = samples.next(order_random);
    double loss = 0;
    for (std::size_t first = 0; first < order.size(); first += options.batch_size) {
      const double in_epoch = static_cast<double>(first) / static_cast<double>(order.size());
      const double part =
          (static_cast<double>(epoch - 1) + in_epoch) / static_cast<double>(options.epochs);
      if (progress && !progress(part, last)) return reports;
      const std::size_t count = std::min(options.batch_size, order.size() - first);
      Batch batch = gather(data, order.subspan(first, count), network.outputs(), weights);
      if (options.augmentation.any()) {
        batch.images = augment(batch.images, data.shape, options.augmentation, augmenting, shown);
      }
      shown += count;
      const double left = rate_left(options.schedule, part);
      loss += trainer.update(batch, options.learning_rate * left);
    }
    last = {.epoch = epoch, .loss = loss / static_cast<double>(order.size())};
    if (!std::isfinite(last.loss)) {
      throw InputError(
          fmt::format("training diverged in epoch {}: the loss is {}; use a smaller "
                      "learning rate",
                      epoch, last.loss));
    }
    reports.push_back(last);
  }
  return reports;
}

void set_threads(int threads) {
  torch::set_num_threads(threads);
}

}  // namespace hypnos

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

#include <cmath>
#include <numeric>
#include <optional>

#include "base/random.hpp"
#include "hypnos/error.hpp"
#include "training/tensors.hpp"

namespace hypnos {
namespace {

class Trainer {
 public:
  Trainer(Network& network, const TrainingOptions& options, std::uint64_t seed)
      : options_(options),
        output_(network.output),
        layers_(wrap(network)),
        mask_random_(seed, Purpose::dropout) {
    if (network.dropout_form == DropoutForm::inverted) mask_value_ = 1 / (1 - network.dropout);
    drop_below_ = static_cast<std::uint32_t>(double{network.dropout} * 0x1p32);
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
      adam_.emplace(parameters, torch::optim::AdamOptions(options.learning_rate));
    }
  }

  /// One update from a batch; the sum of its samples' losses.
  double update(const torch::Tensor& images, const torch::Tensor& targets) {
    forward(images);
    const auto [delta, loss] = output_error(targets);
    backward(delta);
    return loss;
  }

 private:
  void forward(const torch::Tensor& images) {
    activations_.assign(1, images);
    masks_.clear();
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      torch::Tensor a = affine(layers_[l], activations_.back());
      const bool hidden = l + 1 < layers_.size();
      if (hidden || output_ == OutputKind::relu) a.relu_();
      if (hidden && drop_below_ > 0) {
        masks_.push_back(make_mask(a));
        a.mul_(masks_.back());
      }
      activations_.push_back(a);
    }
  }

  torch::Tensor make_mask(const torch::Tensor& like) {
    torch::Tensor mask = torch::empty_like(like);
    const std::span values(mask.data_ptr<float>(), static_cast<std::size_t>(mask.numel()));
    words_.resize(values.size());
    mask_random_.fill(masks_made_++, words_);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = words_[i] < drop_below_ ? 0.0F : mask_value_;
    }
    return mask;
  }

  // dL/dz of the output layer, times the batch size, and the loss.
  std::pair<torch::Tensor, double> output_error(const torch::Tensor& targets) {
    const torch::Tensor& a = activations_.back();
    if (output_ == OutputKind::relu) {
      torch::Tensor delta = a - targets;
      const double loss = 0.5 * delta.square().sum().item<double>();
      return {delta, loss};
    }
    const torch::Tensor log_probabilities = a.log_softmax(1);
    const double loss = -(log_probabilities * targets).sum().item<double>();
    return {log_probabilities.exp().sub_(targets), loss};
  }

  void backward(torch::Tensor delta) {
    const double per_sample = 1.0 / static_cast<double>(delta.size(0));
    for (std::size_t l = layers_.size(); l-- > 0;) {
      torch::Tensor below;
      if (l > 0) {
        below = torch::mm(delta, layers_[l].weights);
        // A ReLU unit passes its error on where it was active; a dropped unit was not.
        below.mul_(activations_[l] > 0);
        if (drop_below_ > 0 && mask_value_ != 1) below.mul_(mask_value_);
      }
      accumulate(l, delta, per_sample);
      delta = below;
    }
    if (adam_) adam_->step();
  }

  void accumulate(std::size_t l, const torch::Tensor& delta, double per_sample) {
    LayerTensors& update = updates_[l];
    const double keep = adam_ ? 0 : options_.momentum;
    const double scale = adam_ ? per_sample : per_sample * options_.learning_rate;
    update.weights.addmm_(delta.t(), activations_[l], keep, scale);
    if (update.biases.defined()) update.biases.mul_(keep).add_(delta.sum(0), scale);
    if (!adam_) {
      layers_[l].weights.sub_(update.weights);
      if (update.biases.defined()) layers_[l].biases.sub_(update.biases);
    }
  }

  const TrainingOptions& options_;
  OutputKind output_;
  std::vector<LayerTensors> layers_;
  std::vector<LayerTensors> updates_;  // SGD: the momentum; Adam: the gradients
  std::optional<torch::optim::Adam> adam_;

  RandomStream mask_random_;
  std::uint64_t masks_made_ = 0;
  std::uint32_t drop_below_ = 0;  // a unit whose random word is below this is dropped
  float mask_value_ = 1;          // of units that are kept
  std::vector<std::uint32_t> words_;

  std::vector<torch::Tensor> activations_;  // the images, then each layer's
  std::vector<torch::Tensor> masks_;
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

// The chosen samples as a batch: images [samples x features] and one-hot targets.
struct Batch {
  torch::Tensor images;
  torch::Tensor targets;
};

Batch gather(const Dataset& data, std::span<const std::uint32_t> samples, std::size_t classes) {
  const std::size_t features = data.shape.features();
  const auto count = static_cast<std::int64_t>(samples.size());
  Batch batch{.images = torch::empty({count, static_cast<std::int64_t>(features)}),
              .targets = torch::zeros({count, static_cast<std::int64_t>(classes)})};
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

}  // namespace

std::vector<EpochReport> train(Network& network, const Dataset& data,
                               const TrainingOptions& options, std::uint64_t seed,
                               const TrainingProgress& progress) {
  validate(network);
  validate(options);
  check_fit(network, data);
  const torch::NoGradGuard no_gradients;
  Trainer trainer(network, options, seed);
  RandomSequence order_random(seed, Purpose::shuffling);
  std::vector<std::uint32_t> order(data.size());
  std::iota(order.begin(), order.end(), 0U);

  std::vector<EpochReport> reports;
  EpochReport last;
  for (std::uint64_t epoch = 1; epoch <= options.epochs; ++epoch) {
    shuffle(order, order_random);
    double loss = 0;
    for (std::size_t first = 0; first < order.size(); first += options.batch_size) {
      const double in_epoch = static_cast<double>(first) / static_cast<double>(order.size());
      const double part =
          (static_cast<double>(epoch - 1) + in_epoch) / static_cast<double>(options.epochs);
      if (progress && !progress(part, last)) return reports;
      const std::size_t count = std::min(options.batch_size, order.size() - first);
      const Batch batch = gather(data, std::span(order).subspan(first, count), network.outputs());
      loss += trainer.update(batch.images, batch.targets);
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

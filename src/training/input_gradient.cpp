#include "training/input_gradient.hpp"

#include <algorithm>

#include "base/products.hpp"
#include "base/softmax.hpp"
#include "network/layer_panels.hpp"

namespace hypnos {
namespace {

// Makes the range of the logits 10.
void scale_range(std::span<float> logits) {
  constexpr float range = 10;
  const auto [low, high] = std::minmax_element(logits.begin(), logits.end());
  if (!(*high > *low)) return;
  const float factor = range / (*high - *low);
  for (float& z : logits) z *= factor;
}

}  // namespace

InputGradient::InputGradient(const Network& network, std::size_t most, unsigned threads)
    : output_(network.output),
      factor_(network.test_factor()),
      team_(std::max(threads, 1U)),
      all_active_(most, network.inputs()),
      gradient_(most, network.inputs()),
      gradient_transposed_(network.inputs(), most) {
  for (const Layer& layer : network.layers) {
    layers_.push_back({.panels = panels_of(layer),
                       .activations = Panels(most, layer.outputs),
                       .errors = Panels(most, layer.outputs),
                       .errors_transposed = Panels(layer.outputs, most)});
  }
  const std::vector<float> ones(network.inputs(), 1.0F);
  for (std::size_t s = 0; s < most; ++s) all_active_.set_row(s, ones);
  const std::size_t classes = std::max<std::size_t>(network.classes(), 2);
  const std::size_t padded = (classes + softmax_padding - 1) / softmax_padding * softmax_padding;
  rows_.assign(team_.size(), std::vector<float>(2 * padded));
}

const Panels& InputGradient::of(const Panels& images, std::span<const std::uint32_t> labels) {
  forward(images, labels.size());
  output_errors(labels);
  for (std::size_t l = layers_.size(); l-- > 0;) {
    team_.run([&](Share share) {
      multiply_backward(
          {.samples = labels.size(),
           .weights = layers_[l].panels.weights,
           .errors = layers_[l].errors_transposed,
           .activations = l == 0 ? all_active_ : layers_[l - 1].activations,
           .scale = l == 0 ? 1.0F : factor_,
           .below = l == 0 ? gradient_ : layers_[l - 1].errors,
           .below_transposed = l == 0 ? gradient_transposed_ : layers_[l - 1].errors_transposed},
          share);
    });
  }
  return gradient_;
}

void InputGradient::forward(const Panels& images, std::size_t samples) {
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const bool hidden = l + 1 < layers_.size();
    const ForwardProduct product{.samples = samples,
                                 .below = l == 0 ? images : layers_[l - 1].activations,
                                 .layer = layers_[l].panels,
                                 .result = layers_[l].activations,
                                 .activation = hidden ? Activation::rectified : Activation::linear,
                                 .scale = hidden ? factor_ : 1.0F};
    team_.run([&](Share share) { multiply_forward(product, share); });
  }
}

void InputGradient::output_errors(std::span<const std::uint32_t> labels) {
  PassedLayer& last = layers_.back();
  const std::size_t outputs = last.activations.columns();
  const bool sigmoid = output_ == OutputKind::sigmoid;
  const std::size_t classes = sigmoid ? 2 : outputs;
  team_.run([&](Share share) {
    const std::span<float> both(rows_[share.index]);
    const auto row = both.first(both.size() / 2);
    const auto scratch = both.last(both.size() / 2);
    const auto [begin, end] = share.of(labels.size());
    for (std::size_t s = begin; s < end; ++s) {
      // A sigmoid is a softmax over (0, z).
      row[0] = 0;
      last.activations.get_row(s, row.subspan(sigmoid ? 1 : 0, outputs));
      scale_range(row.first(classes));
      softmax_error(row, classes, labels[s], scratch);
      for (std::size_t c = 0; c < outputs; ++c) {
        const float error = row[sigmoid ? c + 1 : c];
        *last.errors.at(s, c) = error;
        *last.errors_transposed.at(c, s) = error;
      }
    }
  });
}

}  // namespace hypnos

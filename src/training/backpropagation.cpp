#include "training/backpropagation.hpp"

#include <algorithm>
#include <numeric>

#include "base/softmax.hpp"
#include "network/layer_panels.hpp"
#include "training/output_error.hpp"

namespace hypnos {

Backpropagation::Backpropagation(const Network& network, std::size_t most,
                                 std::unique_ptr<UpdateRule> rule, std::uint64_t seed,
                                 ThreadTeam& team)
    : output_(network.output),
      rule_(std::move(rule)),
      team_(team),
      drop_below_(static_cast<std::uint32_t>(double{network.dropout} * 0x1p32)),
      dropout_random_(seed, Purpose::dropout),
      losses_(most) {
  if (network.dropout_form == DropoutForm::inverted) kept_scale_ = 1 / (1 - network.dropout);
  std::size_t most_units = 0;
  for (const Layer& layer : network.layers) {
    TrainedLayer trained{.panels = panels_of(layer),
                         .kept = {},
                         .activations = Panels(most, layer.outputs),
                         .errors = Panels(most, layer.outputs),
                         .errors_transposed = Panels(layer.outputs, most)};
    for (std::size_t n = 0; n < rule_->numbers_kept(); ++n) {
      trained.kept.push_back(make_layer_panels(layer.inputs, layer.outputs, !layer.biases.empty()));
    }
    layers_.push_back(std::move(trained));
    most_units = std::max(most_units, layer.outputs);
  }
  // A product reads words of a whole panel, also behind the last unit.
  if (drop_below_ > 0) words_.resize(most * most_units + panel_width());
  const std::size_t padded =
      (network.outputs() + softmax_padding - 1) / softmax_padding * softmax_padding;
  rows_.assign(team.size(), std::vector<float>(2 * padded));
}

void Backpropagation::begin_from(const OptimizerState& state) {
  // Adam's corrections count its steps.
  for (; updates_ < state.updates; ++updates_) rule_->next(0, 1);
  for (std::size_t n = 0; n < state.kept.size(); ++n) {
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      layers_[l].kept[n] = panels_of(state.kept[n][l]);
    }
  }
}

OptimizerState Backpropagation::state() const {
  OptimizerState state{.updates = updates_};
  state.kept.resize(rule_->numbers_kept());
  for (std::size_t n = 0; n < state.kept.size(); ++n) {
    for (const TrainedLayer& layer : layers_) {
      const std::size_t outputs = layer.panels.weights.columns();
      const std::size_t inputs = layer.panels.weights.rows();
      Layer kept{.outputs = outputs, .inputs = inputs};
      kept.weights.resize(outputs * inputs);
      if (layer.panels.biases.size() > 0) kept.biases.resize(outputs);
      copy_from_panels(layer.kept[n], kept);
      state.kept[n].push_back(std::move(kept));
    }
  }
  return state;
}

void Backpropagation::pull(const Pull& pull, double learning_rate) {
  // The next update adds what was kept to its step.
  const auto rate = static_cast<float>(learning_rate * pull.strength);
  team_.run([&](Share share) {
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      TrainedLayer& layer = layers_[l];
      LayerPanels& changed = layer.kept[0];
      const auto add = [&](float* to, const float* now, const float* at, const float* importance,
                           std::size_t count) {
        const auto [begin, end] = share.of(count, 1024);
        for (std::size_t i = begin; i < end; ++i) to[i] += rate * importance[i] * (now[i] - at[i]);
      };
      const Panels& weights = layer.panels.weights;
      add(changed.weights.data(), weights.data(), pull.at[l].weights.data(),
          pull.importance[l].weights.data(), weights.count() * weights.rows() * weights.width());
      add(changed.biases.data(), layer.panels.biases.data(), pull.at[l].biases.data(),
          pull.importance[l].biases.data(), layer.panels.biases.size());
    }
  });
}

double Backpropagation::update(const Batch& batch, double learning_rate) {
  ++updates_;
  forward(batch);
  const double loss = output_errors(batch);
  backward(batch, rule_->next(learning_rate, batch.size()));
  return loss;
}

void Backpropagation::copy_to(Network& network) const {
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    copy_from_panels(layers_[l].panels, network.layers[l]);
  }
}

void Backpropagation::draw_dropout(std::size_t samples, std::size_t units) {
  const std::span<std::uint32_t> words = std::span(words_).first(samples * units);
  team_.run([&](Share share) {
    const auto [begin, end] = share.of(words.size(), 1024);
    dropout_random_.fill(dropout_position_, words.subspan(begin, end - begin),
                         static_cast<std::uint32_t>(begin / 4));
  });
  ++dropout_position_;
}

void Backpropagation::forward(const Batch& batch) {
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const bool hidden = l + 1 < layers_.size();
    const bool drop = hidden && drop_below_ > 0;
    TrainedLayer& layer = layers_[l];
    if (drop) draw_dropout(batch.size(), layer.activations.columns());
    const bool linear = !hidden && output_ != OutputKind::relu;
    const ForwardProduct product{.samples = batch.size(),
                                 .below = below(l, batch),
                                 .layer = layer.panels,
                                 .result = layer.activations,
                                 .activation = linear ? Activation::linear
                                               : drop ? Activation::rectified_and_dropped
                                                      : Activation::rectified,
                                 .scale = hidden ? kept_scale_ : 1.0F,
                                 .words = words_.data(),
                                 .drop_below = drop_below_};
    team_.run([&](Share share) { multiply_forward(product, share); });
  }
}

double Backpropagation::output_errors(const Batch& batch) {
  TrainedLayer& last = layers_.back();
  const std::size_t classes = last.activations.columns();
  team_.run([&](Share share) {
    const std::span<float> both(rows_[share.index]);
    const auto row = both.first(both.size() / 2);
    const auto scratch = both.last(both.size() / 2);
    const auto [begin, end] = share.of(batch.size());
    for (std::size_t s = begin; s < end; ++s) {
      last.activations.get_row(s, row.first(classes));
      const float weight = batch.weight(s);
      const auto target = batch.target(s);
      const double loss = target.empty()
                              ? output_error(output_, row, classes, batch.label(s), scratch)
                              : output_error(output_, row, classes, target, scratch);
      losses_[s] = double{weight} * loss;
      for (std::size_t c = 0; c < classes; ++c) {
        row[c] *= weight;
        *last.errors_transposed.at(c, s) = row[c];
      }
      last.errors.set_row(s, row.first(classes));
    }
  });
  const auto end = losses_.begin() + static_cast<std::ptrdiff_t>(batch.size());
  return std::accumulate(losses_.begin(), end, 0.0);
}

void Backpropagation::backward(const Batch& batch, const UpdateStep& step) {
  const auto gradient = [&](std::size_t l, Share share) {
    multiply_gradient({.samples = batch.size(),
                       .below = below(l, batch),
                       .errors = layers_[l].errors,
                       .step = step,
                       .layer = layers_[l].panels,
                       .kept = layers_[l].kept},
                      share);
  };
  const auto errors_back = [&](std::size_t l, Share share) {
    multiply_backward({.samples = batch.size(),
                       .weights = layers_[l].panels.weights,
                       .errors = layers_[l].errors_transposed,
                       .activations = layers_[l - 1].activations,
                       .scale = kept_scale_,
                       .below = layers_[l - 1].errors,
                       .below_transposed = layers_[l - 1].errors_transposed},
                      share);
  };
  // Weights make their step when their errors have gone back; meanwhile those of the layer below
  // do.
  for (std::size_t l = layers_.size() - 1; l > 0; --l) {
    team_.run([&](Share share) {
      errors_back(l, share);
      if (l + 1 < layers_.size()) gradient(l + 1, share);
    });
  }
  team_.run([&](Share share) {
    if (layers_.size() > 1) gradient(1, share);
    gradient(0, share);
  });
}

}  // namespace hypnos

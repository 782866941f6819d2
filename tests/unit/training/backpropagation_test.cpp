#include "training/backpropagation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/networks.hpp"
#include "support/vector_targets.hpp"
#include "training/output_error.hpp"

namespace hypnos {
namespace {

using Floats = std::vector<float>;

// Backpropagation with momentum in plain slow loops: what training must be to the bit.
class PlainTrainer {
 public:
  PlainTrainer(const Network& network, const TrainingOptions& options, std::uint64_t seed)
      : network_(network), options_(options), dropout_random_(seed, Purpose::dropout) {
    for (const Layer& layer : network.layers) {
      updates_.push_back({.outputs = layer.outputs,
                          .inputs = layer.inputs,
                          .weights = Floats(layer.weights.size(), 0),
                          .biases = Floats(layer.biases.size(), 0)});
    }
  }

  void update(const Dataset& data, std::span<const std::uint32_t> samples, double learning_rate) {
    forward(data, samples);
    errors_ = output_errors(data, samples);
    for (std::size_t l = network_.layers.size(); l-- > 0;) {
      const Floats below = l > 0 ? errors_back(l, samples.size()) : Floats();
      move(l, samples.size(), learning_rate);
      errors_ = below;
    }
  }

  const Network& network() const { return network_; }

 private:
  float kept_scale() const {
    return network_.dropout_form == DropoutForm::inverted ? 1 / (1 - network_.dropout) : 1.0F;
  }

  void forward(const Dataset& data, std::span<const std::uint32_t> samples) {
    activations_.assign(1, {});
    for (const std::uint32_t s : samples) {
      activations_[0].insert(activations_[0].end(), test::image_of(data, s).begin(),
                             test::image_of(data, s).end());
    }
    for (std::size_t l = 0; l < network_.layers.size(); ++l) {
      const Layer& layer = network_.layers[l];
      const bool hidden = l + 1 < network_.layers.size();
      Floats here(samples.size() * layer.outputs);
      std::vector<std::uint32_t> words(here.size(), 0xFFFFFFFF);
      const auto below = static_cast<std::uint32_t>(double{network_.dropout} * 0x1p32);
      if (hidden && below > 0) dropout_random_.fill(dropout_position_++, words);
      for (std::size_t k = 0; k < here.size(); ++k) {
        const std::size_t o = k % layer.outputs;
        float sum = layer.biases.empty() ? 0 : layer.biases[o];
        for (std::size_t i = 0; i < layer.inputs; ++i) {
          sum = std::fma(activations_[l][k / layer.outputs * layer.inputs + i],
                         layer.weights[o * layer.inputs + i], sum);
        }
        if (hidden) sum *= kept_scale();
        if ((hidden || network_.output == OutputKind::relu) && sum < 0) sum = 0;
        here[k] = hidden && words[k] < below ? 0 : sum;
      }
      activations_.push_back(here);
    }
  }

  Floats output_errors(const Dataset& data, std::span<const std::uint32_t> samples) const {
    const std::size_t classes = network_.outputs();
    Floats errors;
    Floats scratch(16);
    for (std::size_t s = 0; s < samples.size(); ++s) {
      Floats row(16);
      std::copy_n(&activations_.back()[s * classes], classes, row.begin());
      output_error(network_.output, row, classes, data.labels[samples[s]], scratch);
      errors.insert(errors.end(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(classes));
    }
    return errors;
  }

  Floats errors_back(std::size_t l, std::size_t samples) const {
    const Layer& layer = network_.layers[l];
    Floats below(samples * layer.inputs);
    for (std::size_t k = 0; k < below.size(); ++k) {
      float sum = 0;
      for (std::size_t o = 0; o < layer.outputs; ++o) {
        sum = std::fma(errors_[k / layer.inputs * layer.outputs + o],
                       layer.weights[o * layer.inputs + k % layer.inputs], sum);
      }
      below[k] = activations_[l][k] > 0 ? sum * kept_scale() : 0;
    }
    return below;
  }

  void move(std::size_t l, std::size_t samples, double learning_rate) {
    Layer& layer = network_.layers[l];
    const auto rate = static_cast<float>(learning_rate / static_cast<double>(samples));
    const auto decay = static_cast<float>(learning_rate * options_.weight_decay);
    const auto step = [&](float g, float& w, float& u) {
      u = std::fma(rate, g, u);
      u = std::fma(decay, w, u);
      w -= u;
      u *= static_cast<float>(options_.momentum);
    };
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      for (std::size_t i = 0; i < layer.inputs; ++i) {
        float g = 0;
        for (std::size_t s = 0; s < samples; ++s) {
          g = std::fma(activations_[l][s * layer.inputs + i], errors_[s * layer.outputs + o], g);
        }
        step(g, layer.weights[o * layer.inputs + i], updates_[l].weights[o * layer.inputs + i]);
      }
      if (layer.biases.empty()) continue;
      float g = 0;
      for (std::size_t s = 0; s < samples; ++s) g += errors_[s * layer.outputs + o];
      step(g, layer.biases[o], updates_[l].biases[o]);
    }
  }

  Network network_;
  TrainingOptions options_;
  std::vector<Layer> updates_;
  RandomStream dropout_random_;
  std::uint64_t dropout_position_ = 0;
  std::vector<Floats> activations_;
  Floats errors_;
};

class BackpropagationTest : public test::VectorTargetTest {};

TEST_P(BackpropagationTest, IsThePlainOneToTheBit) {
  const Dataset data = test::toy_data(80, 5, 10, 7, 1);
  std::vector<std::uint32_t> order(80);
  for (std::uint32_t s = 0; s < 80; ++s) order[s] = s * 37 % 80;
  TrainingOptions authors = authors_protocol();
  authors.initial_range = 0.1;
  TrainingOptions modern = modern_protocol();
  modern.weight_decay = 0.01;
  TrainingOptions undropped = modern_protocol();
  undropped.dropout = 0;
  for (const auto& hidden : {std::vector<std::size_t>{}, {33}, {101, 49}}) {
    std::vector<std::size_t> sizes = {50};
    sizes.insert(sizes.end(), hidden.begin(), hidden.end());
    sizes.push_back(7);
    for (const TrainingOptions& options : {authors, modern, undropped}) {
      const Network network = make_network(sizes, options, 2);
      for (const unsigned threads : {1U, 2U, 3U}) {
        PlainTrainer plain(network, options, 3);
        ThreadTeam team(threads);
        Batch batch(data, 49, {}, {}, std::nullopt, threads);
        Backpropagation own(network, 49, make_update_rule(options), 3, team);
        for (int epoch = 0; epoch < 2; ++epoch) {
          for (const auto& samples : {std::span(order).first(49), std::span(order).last(31)}) {
            plain.update(data, samples, 0.1);
            batch.gather(samples, team);
            own.update(batch, 0.1);
          }
        }
        Network trained = network;
        own.copy_to(trained);
        for (std::size_t l = 0; l < trained.layers.size(); ++l) {
          ASSERT_EQ(trained.layers[l].weights, plain.network().layers[l].weights)
              << "layer " << l << " of " << sizes.size() - 1 << ", threads " << threads;
          ASSERT_EQ(trained.layers[l].biases, plain.network().layers[l].biases);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, BackpropagationTest, test::vector_targets(), test::target_name);

}  // namespace
}  // namespace hypnos

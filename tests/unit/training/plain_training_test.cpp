// Training against backpropagation in double precision, which is written out without any library.

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "hypnos/training.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

using Matrix = std::vector<std::vector<double>>;  // per layer, flat

// One update by plain backpropagation in double precision over all samples, without dropout.
struct PlainState {
  Matrix first;   // momentum, or the mean of the gradients: of weights (even) and biases (odd)
  Matrix second;  // Adam: the mean of their squares
  int updates = 0;
};
void plain_update(Network& network, const Dataset& data, const TrainingOptions& o,
                  double learning_rate, PlainState& state) {
  std::vector<double> counts(data.classes, 0);
  for (const std::uint32_t label : data.labels) ++counts[label];
  std::vector<double> sample_weights(data.size(), 1);
  if (o.balance == ClassBalance::weights) {
    for (std::size_t s = 0; s < data.size(); ++s) {
      sample_weights[s] = static_cast<double>(data.size()) /
                          (static_cast<double>(data.classes) * counts[data.labels[s]]);
    }
  }
  const std::size_t depth = network.layers.size();
  state.first.resize(2 * depth);
  state.second.resize(2 * depth);
  Matrix gradient(2 * depth);
  for (std::size_t l = 0; l < depth; ++l) {
    gradient[2 * l].assign(network.layers[l].weights.size(), 0);
    gradient[2 * l + 1].assign(network.layers[l].biases.size(), 0);
    for (Matrix* kept : {&state.first, &state.second}) {
      (*kept)[2 * l].resize(network.layers[l].weights.size(), 0);
      (*kept)[2 * l + 1].resize(network.layers[l].biases.size(), 0);
    }
  }
  for (std::size_t s = 0; s < data.size(); ++s) {
    Matrix a = {{test::image_of(data, s).begin(), test::image_of(data, s).end()}};
    for (std::size_t l = 0; l < depth; ++l) {
      const Layer& layer = network.layers[l];
      std::vector<double> z(layer.outputs, 0);
      for (std::size_t i = 0; i < layer.outputs; ++i) {
        for (std::size_t j = 0; j < layer.inputs; ++j)
          z[i] += double{layer.weights[i * layer.inputs + j]} * a[l][j];
        if (!layer.biases.empty()) z[i] += double{layer.biases[i]};
        if (l + 1 < depth || network.output == OutputKind::relu) z[i] = std::max(z[i], 0.0);
      }
      a.push_back(z);
    }
    std::vector<double> delta = a.back();
    if (network.output == OutputKind::softmax) {
      double sum = 0;
      for (double& d : delta) sum += d = std::exp(d);
      for (double& d : delta) d /= sum;
    }
    delta[data.labels[s]] -= 1;
    for (std::size_t l = depth; l-- > 0;) {
      const Layer& layer = network.layers[l];
      std::vector<double> below(layer.inputs, 0);
      for (std::size_t i = 0; i < layer.outputs; ++i) {
        for (std::size_t j = 0; j < layer.inputs; ++j) {
          gradient[2 * l][i * layer.inputs + j] +=
              sample_weights[s] * delta[i] * a[l][j] / static_cast<double>(data.size());
          if (a[l][j] > 0) below[j] += delta[i] * double{layer.weights[i * layer.inputs + j]};
        }
        if (!layer.biases.empty())
          gradient[2 * l + 1][i] += sample_weights[s] * delta[i] / static_cast<double>(data.size());
      }
      delta = below;
    }
  }
  ++state.updates;
  for (std::size_t l = 0; l < depth; ++l) {
    for (std::size_t part = 0; part < 2; ++part) {
      auto& values = part == 0 ? network.layers[l].weights : network.layers[l].biases;
      for (std::size_t k = 0; k < values.size(); ++k) {
        const double g = gradient[2 * l + part][k] + o.weight_decay * double{values[k]};
        double& first = state.first[2 * l + part][k];
        double step = 0;
        if (o.optimizer == Optimizer::adam) {
          double& second = state.second[2 * l + part][k];
          first = 0.9 * first + 0.1 * g;
          second = 0.999 * second + 0.001 * g * g;
          step = learning_rate * first / (1 - std::pow(0.9, state.updates)) /
                 (std::sqrt(second / (1 - std::pow(0.999, state.updates))) + 1e-8);
        } else {
          step = first = o.momentum * first + learning_rate * g;
        }
        values[k] = static_cast<float>(double{values[k]} - step);
      }
    }
  }
}

class PlainTrainingTest : public testing::TestWithParam<OutputKind> {
 protected:
  static void compare_with_plain(TrainingOptions options) {
    Dataset data = test::toy_data(24, 3, 4, 4, 7);
    for (std::size_t s = 0; s < 8; ++s) data.labels[s] = 0;
    const std::size_t sizes[] = {12, 9, 8, 4};
    Network network =
        test::random_network(sizes, -0.5F, 0.5F, 8, GetParam() == OutputKind::softmax);
    network.output = GetParam();
    Network plain = network;
    options.learning_rate = options.optimizer == Optimizer::adam ? 0.01 : 0.05;
    options.momentum = 0.5;
    options.batch_size = 24;  // one batch, so that the order of samples does not matter
    options.epochs = 5;
    train(network, data, options, 1);
    PlainState state;
    for (int update = 0; update < 5; ++update) {
      const bool falls = options.schedule == Schedule::cosine;
      const double left = falls ? 0.5 + 0.5 * std::cos(update * std::numbers::pi / 5) : 1;
      plain_update(plain, data, options, left * options.learning_rate, state);
    }
    for (std::size_t l = 0; l < 3; ++l) {
      for (std::size_t k = 0; k < plain.layers[l].weights.size(); ++k) {
        ASSERT_NEAR(network.layers[l].weights[k], plain.layers[l].weights[k], 2e-6)
            << l << " " << k;
      }
      for (std::size_t k = 0; k < plain.layers[l].biases.size(); ++k) {
        ASSERT_NEAR(network.layers[l].biases[k], plain.layers[l].biases[k], 2e-6);
      }
    }
  }
};

TEST_P(PlainTrainingTest, UpdatesAreThoseOfPlainBackpropagation) {
  compare_with_plain(modern_protocol());
}

TEST_P(PlainTrainingTest, WeightDecayScheduleAndClassWeightsToo) {
  for (const Optimizer optimizer : {Optimizer::sgd, Optimizer::adam}) {
    TrainingOptions options = modern_protocol();
    options.optimizer = optimizer;
    options.schedule = Schedule::cosine;
    options.weight_decay = 0.3;
    compare_with_plain(options);
    options.weight_decay = 0;
    options.balance = ClassBalance::weights;
    compare_with_plain(options);
    options.schedule = Schedule::constant;
    compare_with_plain(options);
  }
}

INSTANTIATE_TEST_SUITE_P(Outputs, PlainTrainingTest,
                         testing::Values(OutputKind::relu, OutputKind::softmax));

}  // namespace
}  // namespace hypnos

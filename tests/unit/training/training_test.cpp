#include "hypnos/training.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "hypnos/error.hpp"
#include "hypnos/prediction.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

using Matrix = std::vector<std::vector<double>>;  // per layer, flat

double accuracy(const Network& network, const Dataset& data) {
  const auto answers = predict(network, data.images).answers;
  double right = 0;
  for (std::size_t s = 0; s < data.size(); ++s) right += answers[s] == data.labels[s] ? 1 : 0;
  return right / static_cast<double>(data.size());
}

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
    Matrix a = {{data.image(s).begin(), data.image(s).end()}};
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

class TrainTest : public testing::TestWithParam<OutputKind> {
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

TEST_P(TrainTest, UpdatesAreThoseOfPlainBackpropagation) {
  compare_with_plain(modern_protocol());
}

TEST_P(TrainTest, WeightDecayScheduleAndClassWeightsToo) {
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

INSTANTIATE_TEST_SUITE_P(Outputs, TrainTest,
                         testing::Values(OutputKind::relu, OutputKind::softmax));

TEST(Train, LearnsTheToyDataByEachProtocol) {
  const Dataset data = test::toy_data(200, 5, 5, 4, 9);
  const std::size_t sizes[] = {25, 30, 4};
  TrainingOptions authors = authors_protocol();
  authors.initial_range = 0.3;
  authors.learning_rate = 0.1;
  authors.epochs = 60;
  TrainingOptions adam = modern_protocol();
  adam.optimizer = Optimizer::adam;
  adam.learning_rate = 0.01;
  for (const TrainingOptions& options : {authors, modern_protocol(), adam}) {
    Network network = make_network(sizes, options, 3);
    EXPECT_LT(accuracy(network, data), 0.7);
    const auto reports = train(network, data, options, 3).epochs;
    EXPECT_EQ(reports.size(), options.epochs);
    EXPECT_LT(reports.back().loss, reports.front().loss / 2);
    EXPECT_GT(accuracy(network, data), 0.98);
  }
}

TEST(Train, AdamFollowsTheScheduleToo) {
  // One batch an epoch: the second of two updates takes half the step.
  const Dataset data = test::toy_data(24, 3, 4, 4, 7);
  const std::size_t sizes[] = {12, 9, 4};
  TrainingOptions options = modern_protocol();
  options.optimizer = Optimizer::adam;
  options.learning_rate = 0.01;
  options.dropout = 0;
  const auto weights_after = [&](std::uint64_t epochs, Schedule schedule) {
    options.epochs = epochs;
    options.schedule = schedule;
    Network network = make_network(sizes, options, 1);
    train(network, data, options, 1);
    return network.layers[0].weights;
  };
  const auto one = weights_after(1, Schedule::constant);
  const auto two = weights_after(2, Schedule::constant);
  const auto falling = weights_after(2, Schedule::cosine);
  EXPECT_NE(one, two);
  for (std::size_t k = 0; k < one.size(); ++k) {
    ASSERT_NEAR(falling[k] - one[k], 0.5F * (two[k] - one[k]), 1e-6) << k;
  }
}

TEST(Train, SeedDeterminesTheResult) {
  const Dataset data = test::toy_data(150, 5, 5, 4, 10);
  const std::size_t sizes[] = {25, 30, 4};
  TrainingOptions options = authors_protocol();
  options.epochs = 3;
  const auto run = [&](std::uint64_t seed) {
    Network network = make_network(sizes, options, 1);
    train(network, data, options, seed);
    return network.layers[0].weights;
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

TEST(Train, DropoutDropsItsShare) {
  // With every hidden unit's weight 1 and one input 1, the loss tells how many units were kept:
  // output = kept / units before the first update, target 0 at class 1.
  TrainingOptions options = authors_protocol();
  options.dropout = 0.25;
  options.epochs = 1;
  options.learning_rate = 1e-12;
  options.batch_size = 1000;
  Network network;
  network.output = OutputKind::relu;
  network.dropout = 0.25F;
  network.dropout_form = DropoutForm::classical;
  constexpr std::size_t units = 1000;
  network.layers = {{.outputs = units, .inputs = 1, .weights = std::vector<float>(units, 1)},
                    {.outputs = 2, .inputs = units}};
  network.layers[1].weights.assign(2 * units, 0);
  for (std::size_t j = 0; j < units; ++j) network.layers[1].weights[units + j] = 1.0F / units;
  const Dataset data{.name = "ones",
                     .shape = {.rows = 1, .columns = 1, .channels = 1},
                     .classes = 2,
                     .images = {1, 1, 1, 1, 1, 1, 1, 1},
                     .labels = {0, 0, 0, 0, 0, 0, 0, 0}};
  const double loss = train(network, data, options, 4).epochs.at(0).loss;
  const double kept = std::sqrt(2 * loss - 1);  // 0.5 * (1 + kept^2)
  EXPECT_NEAR(kept, 0.75, 5 * std::sqrt(0.75 * 0.25 / (8 * units)));
}

// A network of one layer without momentum learns the mean of what it was shown: its weights are
// the learning rate times the images' sum, for a target of 1 and outputs still near 0.
std::vector<float> shown_image(const Dataset& data, const TrainingOptions& protocol,
                               std::uint64_t seed) {
  TrainingOptions options = protocol;
  options.dropout = 0;
  options.momentum = 0;
  options.learning_rate = 1e-9;
  options.epochs = 1;
  Network network;
  network.output = OutputKind::relu;
  network.layers = {{.outputs = 1, .inputs = data.shape.features()}};
  network.layers[0].weights.assign(data.shape.features(), 0);
  train(network, data, options, seed);
  std::vector<float> image = network.layers[0].weights;
  for (float& pixel : image) pixel *= 1e9F;
  return image;
}

TEST(Train, AugmentationMovesAndTurnsImages) {
  // One image with a bright pixel off the middle, of two channels; shown 4000 times.
  constexpr std::size_t side = 11;
  Dataset data{
      .name = "dot", .shape = {.rows = side, .columns = side, .channels = 2}, .classes = 1};
  const auto at = [](std::size_t row, std::size_t column) { return 2 * (row * side + column); };
  std::vector<float> image(2 * side * side, 0);
  image[at(5, 8)] = 1;
  for (int s = 0; s < 4000; ++s) {
    data.images.insert(data.images.end(), image.begin(), image.end());
    data.labels.push_back(0);
  }
  TrainingOptions options = authors_protocol();
  options.batch_size = 4000;
  EXPECT_EQ(shown_image(data, options, 1), shown_image(data, options, 2)) << "as it is";
  options.augmentation = {.shift = 2, .rotation = 0};
  const auto moved = shown_image(data, options, 1);
  double sum = 0;
  double outside = 0;
  double other_channel = 0;
  for (std::size_t row = 0; row < side; ++row) {
    for (std::size_t column = 0; column < side; ++column) {
      const double pixel = moved[at(row, column)];
      sum += pixel;
      other_channel += std::abs(moved[at(row, column) + 1]);
      if (row < 3 || row > 7 || column < 6) outside += pixel;
    }
  }
  EXPECT_NEAR(outside, 0, 1e-6);
  EXPECT_EQ(other_channel, 0);
  EXPECT_NEAR(sum, 1, 0.01) << "interpolation spreads the pixel; at most half a one leaves";
  EXPECT_NEAR(moved[at(5, 8)], 1.0 / 16, 0.015) << "uniform over 4 x 4 pixels";
  EXPECT_NEAR(moved[at(4, 7)], 1.0 / 16, 0.015);
  // A quarter turn at most: the pixel stays at its distance from the middle.
  options.augmentation = {.shift = 0, .rotation = 90};
  const auto turned = shown_image(data, options, 1);
  EXPECT_GT(turned[at(2, 5)] + turned[at(8, 5)], 0.01);
  EXPECT_NEAR(turned[at(5, 2)], 0, 1e-3);
  EXPECT_NEAR(turned[at(5, 5)], 0, 1e-6);
  // By the seed, whatever the batches: the mean is of the same images.
  const auto again = shown_image(data, options, 1);
  EXPECT_EQ(turned, again);
  options.batch_size = 100;
  options.augmentation = {.shift = 2, .rotation = 20};
  const auto in_parts = shown_image(data, options, 1);
  options.batch_size = 4000;
  const auto at_once = shown_image(data, options, 1);
  for (std::size_t i = 0; i < in_parts.size(); ++i) {
    EXPECT_NEAR(in_parts[i] / 40, at_once[i], 1e-4) << "each of 40 updates takes a mean";
  }
  EXPECT_NE(at_once, shown_image(data, options, 2));
}

TEST(Train, OversamplingChangesWhatIsShown) {
  Dataset data = test::toy_data(40, 5, 5, 4, 10);
  for (std::size_t s = 0; s < 40; s += 8) data.labels[s] = 1;
  const std::size_t sizes[] = {25, 30, 4};
  TrainingOptions options = modern_protocol();
  options.epochs = 3;
  Network plain = make_network(sizes, options, 1);
  Network balanced = plain;
  train(plain, data, options, 1);
  options.balance = ClassBalance::oversampling;
  train(balanced, data, options, 1);
  EXPECT_NE(plain.layers[0].weights, balanced.layers[0].weights);
}

TEST(Train, RenewedOutputsLeaveTheHiddenLayers) {
  const std::size_t sizes[] = {25, 30, 4};
  const Network old = make_network(sizes, modern_protocol(), 1);
  Network renewed = old;
  renew_output(renewed, 7, modern_protocol(), 2);
  EXPECT_EQ(renewed.layers[0].weights, old.layers[0].weights);
  EXPECT_EQ(renewed.outputs(), 7U);
  EXPECT_EQ(renewed.layers[1].biases.size(), 7U);
  renew_output(renewed, 4, modern_protocol(), 1);
  EXPECT_EQ(renewed.layers[1].weights, old.layers[1].weights) << "drawn as a new network's";
}

TEST(Train, FineTuningGoesInSmallerStepsWhereTrainingHasConverged) {
  TrainingOptions modern = modern_protocol();
  modern.learning_rate = 0.5;
  modern.schedule = Schedule::cosine;
  EXPECT_DOUBLE_EQ(finetuning_after(modern).learning_rate, 0.05);
  EXPECT_EQ(finetuning_after(authors_protocol()).learning_rate, authors_protocol().learning_rate);
  EXPECT_EQ(finetuning_after(modern).epochs, 20U);
  EXPECT_EQ(finetuning_after(modern).schedule, Schedule::cosine);
}

TEST(Train, StopsWhenAsked) {
  const Dataset data = test::toy_data(100, 5, 5, 4, 10);
  const std::size_t sizes[] = {25, 30, 4};
  Network network = make_network(sizes, authors_protocol(), 1);
  const Network before = network;
  const Progress progress([](double part, std::string_view note) {
    EXPECT_EQ(note.empty(), part < 0.1) << "the last epoch's loss";
    return part < 0.2;
  });
  try {
    train(network, data, authors_protocol(), 1, {.progress = progress});
    FAIL() << "was not stopped";
  } catch (const TrainingStopped& stopped) {
    EXPECT_EQ(stopped.so_far.epochs.size(), 2U);
    EXPECT_EQ(stopped.so_far.updates, 2U);
  }
  EXPECT_NE(network.layers[0].weights, before.layers[0].weights) << "as far as it came";
}

TEST(Train, RefusesWhatDoesNotFit) {
  const std::size_t sizes[] = {25, 30, 4};
  Network network = make_network(sizes, authors_protocol(), 1);
  EXPECT_THROW(train(network, test::toy_data(10, 2, 2, 4, 1), authors_protocol(), 1), InputError);
  EXPECT_THROW(train(network, test::toy_data(10, 5, 5, 5, 1), authors_protocol(), 1), InputError);
  EXPECT_THROW(train(network, test::toy_data(0, 5, 5, 4, 1), authors_protocol(), 1), InputError);
  TrainingOptions wild = authors_protocol();
  wild.learning_rate = 1e20;
  EXPECT_THROW(train(network, test::toy_data(100, 5, 5, 4, 1), wild, 1), InputError);
  TrainingOptions negative = authors_protocol();
  negative.learning_rate = -1;
  Network fresh = make_network(sizes, authors_protocol(), 1);
  EXPECT_THROW(train(fresh, test::toy_data(100, 5, 5, 4, 1), negative, 1), ParameterError);
  TrainingOptions turned = authors_protocol();
  turned.augmentation.rotation = 10;
  const std::size_t long_sizes[] = {20, 30, 4};
  Network of_long_images = make_network(long_sizes, authors_protocol(), 1);
  EXPECT_EQ(test::message_of<ParameterError>(
                [&] { train(of_long_images, test::toy_data(10, 4, 5, 4, 1), turned, 1); }),
            "augment_rotation: needs square images, and these have 4 rows and 5 columns; leave it "
            "out");
}

}  // namespace
}  // namespace hypnos

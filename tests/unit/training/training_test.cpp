#include "hypnos/training.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "hypnos/dataset_prediction.hpp"
#include "hypnos/error.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

double accuracy(const Network& network, const Dataset& data) {
  const auto answers = predict(network, data).answers;
  double right = 0;
  for (std::size_t s = 0; s < data.size(); ++s) right += answers[s] == data.labels[s] ? 1 : 0;
  return right / static_cast<double>(data.size());
}

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

// Nobody could measure the network afterwards.
TEST(Train, RefusesMoreClassesThanFitIntoMemory) {
  const std::size_t sizes[] = {9, 4, 2};
  Network network = test::random_network(sizes, -1, 1, 1);
  Dataset data = test::toy_data(20, 3, 3, 2, 1);
  data.classes = 100'000'000;
  EXPECT_THROW(train(network, data, {}, 1), InputError);
}

TEST(Training, OfBytesAndOfNumbersIsTheSame) {
  const auto data = test::pixels_in_two_forms(60, {.rows = 4, .columns = 4, .channels = 1}, 4);
  const std::size_t sizes[] = {16, 12, 4};
  TrainingOptions options = modern_protocol();
  options.epochs = 3;
  options.augmentation.shift = 1;
  Network network = make_network(sizes, options, 1);
  Network other = network;
  train(network, data.bytes, options, 1, {.threads = 2});
  train(other, data.numbers, options, 1);
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    EXPECT_EQ(network.layers[l].weights, other.layers[l].weights);
  }
  EXPECT_EQ(predict(network, data.bytes, {.threads = 2}).outputs,
            predict(network, data.numbers).outputs);
}

// The weights at the ends of the last epochs are those that shorter trainings end with.
TEST(Training, AveragesWeights) {
  const Dataset data = test::toy_data(50, 4, 4, 4, 1);
  const std::size_t sizes[] = {16, 12, 4};
  TrainingOptions options = modern_protocol();
  options.schedule = Schedule::constant;
  options.batch_size = 20;
  const Network begin = make_network(sizes, options, 1);
  const auto after = [&](std::uint64_t epochs, double average) {
    Network network = begin;
    end_after_epochs(options, epochs);
    options.average = average;
    train(network, data, options, 1);
    return network;
  };
  const Network third = after(3, 0);
  const Network fourth = after(4, 0);
  const Network averaged = after(4, 0.5);
  for (std::size_t l = 0; l < 2; ++l) {
    for (std::size_t w = 0; w < averaged.layers[l].weights.size(); ++w) {
      EXPECT_NEAR(averaged.layers[l].weights[w],
                  (third.layers[l].weights[w] + fourth.layers[l].weights[w]) / 2, 1e-7);
    }
    for (std::size_t b = 0; b < averaged.layers[l].biases.size(); ++b) {
      EXPECT_NEAR(averaged.layers[l].biases[b],
                  (third.layers[l].biases[b] + fourth.layers[l].biases[b]) / 2, 1e-7);
    }
  }
  // The mean of the last epoch alone is that epoch, also where updates say how long training is.
  EXPECT_EQ(after(4, 0.2).layers[0].weights, fourth.layers[0].weights);
  Network by_updates = begin;
  end_after_updates(options, 12);
  options.average = 0.5;
  train(by_updates, data, options, 1);
  EXPECT_EQ(by_updates.layers[0].weights, averaged.layers[0].weights);
  // Epochs have three updates: none ends in the last two of eight but at the sixth, which is
  // before.
  end_after_updates(options, 8);
  options.average = 0.25;
  EXPECT_THROW(train(by_updates, data, options, 1), ParameterError);
  options.average = 0.26;
  EXPECT_NO_THROW(train(by_updates, data, options, 1));
}

TEST(Training, EndsAfterUpdates) {
  const Dataset data = test::toy_data(50, 4, 4, 4, 1);
  const std::size_t sizes[] = {16, 12, 4};
  for (const Schedule schedule : {Schedule::constant, Schedule::cosine}) {
    TrainingOptions options = modern_protocol();
    options.schedule = schedule;
    options.batch_size = 20;
    const Network begin = make_network(sizes, options, 1);
    // Three batches make an epoch, the last of half the size.
    Network by_epochs = begin;
    end_after_epochs(options, 2);
    EXPECT_EQ(train(by_epochs, data, options, 1).updates, 6U);
    Network by_updates = begin;
    end_after_updates(options, 6);
    const TrainingReport whole = train(by_updates, data, options, 1);
    EXPECT_EQ(whole.updates, 6U);
    EXPECT_EQ(whole.epochs.size(), 2U);
    if (schedule == Schedule::constant) {
      EXPECT_EQ(by_updates.layers[0].weights, by_epochs.layers[0].weights);
    }
    end_after_updates(options, 7);
    const TrainingReport part = train(by_updates, data, options, 1);
    EXPECT_EQ(part.updates, 7U);
    EXPECT_EQ(part.epochs.size(), 2U) << "the third was cut off";
    EXPECT_TRUE(part.loss.has_value());
  }
}

}  // namespace
}  // namespace hypnos

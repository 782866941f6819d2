#include <gtest/gtest.h>

#include "hypnos/dataset_prediction.hpp"
#include "hypnos/error.hpp"
#include "hypnos/training.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

constexpr std::size_t sizes[] = {12, 9, 4};

// One batch of one sample an epoch, so that no order matters.
Dataset one_sample() {
  return test::toy_data(1, 3, 4, 4, 7);
}

TrainingOptions plain(Optimizer optimizer) {
  TrainingOptions options = modern_protocol();
  options.optimizer = optimizer;
  options.learning_rate = 0.05;
  options.schedule = Schedule::constant;
  options.dropout = 0;
  return options;
}

Network trained(Network network, const Dataset& data, TrainingOptions options,
                std::uint64_t updates, const TrainingContext& context) {
  end_after_updates(options, updates);
  train(network, data, options, 1, context);
  return network;
}

TEST(TrainingContext, OptimizerGoesOnWhereItWas) {
  const Dataset data = one_sample();
  for (const Optimizer optimizer : {Optimizer::sgd, Optimizer::adam}) {
    const TrainingOptions options = plain(optimizer);
    const Network begun = make_network(sizes, options, 1);
    const Network whole = trained(begun, data, options, 5, {});
    OptimizerState state;
    Network parts = trained(begun, data, options, 2, {.optimizer = &state});
    EXPECT_EQ(state.updates, 2U);
    parts = trained(parts, data, options, 3, {.optimizer = &state});
    EXPECT_EQ(state.updates, 5U);
    EXPECT_EQ(parts.layers[0].weights, whole.layers[0].weights);
    EXPECT_EQ(parts.layers[1].biases, whole.layers[1].biases);
    const Network anew = trained(trained(begun, data, options, 2, {}), data, options, 3, {});
    EXPECT_NE(anew.layers[0].weights, whole.layers[0].weights);
  }
}

TEST(TrainingContext, TargetsThatSayWhatLabelsSayTrainAlike) {
  const Dataset data = test::toy_data(20, 3, 4, 4, 7);
  std::vector<float> targets(data.size() * 4, 0.0F);
  for (std::size_t s = 0; s < data.size(); ++s) targets[4 * s + data.labels[s]] = 1;
  for (const OutputKind output : {OutputKind::relu, OutputKind::softmax}) {
    TrainingOptions options = plain(Optimizer::sgd);
    options.output = output;
    const Network begun = make_network(sizes, options, 1);
    const Network by_labels = trained(begun, data, options, 10, {});
    const Network by_targets = trained(begun, data, options, 10, {.targets = targets});
    for (std::size_t w = 0; w < 12 * 9; ++w) {
      EXPECT_NEAR(by_labels.layers[0].weights[w], by_targets.layers[0].weights[w], 1e-5);
    }
  }
}

TEST(TrainingContext, SoftTargetsAreLearned) {
  const Dataset data = one_sample();
  const std::vector<float> targets = {0.1F, 0.2F, 0.3F, 0.4F};
  TrainingOptions options = plain(Optimizer::sgd);
  options.output = OutputKind::relu;
  const Network network =
      trained(make_network(sizes, options, 1), data, options, 400, {.targets = targets});
  const std::vector<float> outputs = predict(network, data).outputs;
  for (std::size_t c = 0; c < 4; ++c) EXPECT_NEAR(outputs[c], targets[c], 0.01);
}

// One update: w1 = w0 - rate (g + strength importance (w0 - w*)), with momentum and without.
TEST(TrainingContext, AnAnchorPullsByItsImportance) {
  const Dataset data = one_sample();
  TrainingOptions options = plain(Optimizer::sgd);
  const Network begun = make_network(sizes, options, 1);
  const Network at = make_network(sizes, options, 2);
  std::vector<Layer> importance = make_network(sizes, options, 3).layers;
  const Anchor anchor{.at = at, .importance = importance, .strength = 0.5};
  for (const double momentum : {0.0, 0.9}) {
    options.momentum = momentum;
    const Network free = trained(begun, data, options, 1, {});
    const Network held = trained(begun, data, options, 1, {.anchor = &anchor});
    for (std::size_t l = 0; l < 2; ++l) {
      for (std::size_t w = 0; w < begun.layers[l].weights.size(); ++w) {
        const float pull = 0.05F * 0.5F * importance[l].weights[w] *
                           (begun.layers[l].weights[w] - at.layers[l].weights[w]);
        EXPECT_NEAR(held.layers[l].weights[w], free.layers[l].weights[w] - pull, 1e-6);
      }
      EXPECT_NE(held.layers[l].biases, free.layers[l].biases);
    }
  }
}

TEST(TrainingContext, SaysWhatDoesNotGoTogether) {
  const Dataset data = test::toy_data(20, 3, 4, 4, 7);
  TrainingOptions options = plain(Optimizer::adam);
  const Network network = make_network(sizes, options, 1);
  const Anchor anchor{.at = network, .importance = network.layers, .strength = 1};
  EXPECT_EQ(test::message_of<ParameterError>(
                [&] { trained(network, data, options, 1, {.anchor = &anchor}); }),
            "optimizer: adam does not go with weights that are held");
  options.balance = ClassBalance::oversampling;
  EXPECT_EQ(
      test::message_of<ParameterError>([&] { trained(network, data, options, 1, {.stored = 5}); }),
      "balance: oversampling does not go with stored samples in each batch");
}

}  // namespace
}  // namespace hypnos

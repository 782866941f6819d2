#include "hypnos/network_metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "hypnos/objective.hpp"
#include "hypnos/wake.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

// One layer whose output is 3 times the (one-hot) image.
Network triple() {
  Network network;
  network.layers = {{.outputs = 2, .inputs = 2, .weights = {3, 0, 0, 3}}};
  return network;
}

Dataset data() {
  return {.name = "by hand",
          .shape = {.rows = 1, .columns = 2, .channels = 1},
          .classes = 2,
          .images = {1, 0, 1, 0, 1, 0, 0, 1},
          .labels = {0, 0, 1, 1}};
}

// The same many times, so that both halves of the samples have about as many of each kind.
Dataset many() {
  std::vector<std::uint32_t> again;
  for (std::uint32_t i = 0; i < 4000; ++i) again.push_back(i % 4);
  return select(data(), again);
}

TEST(Objective, ByHand) {
  EXPECT_DOUBLE_EQ(value_of(Measure::accuracy, network_metrics(triple(), data())), 0.75);
  EXPECT_DOUBLE_EQ(value_of(Measure::balanced_accuracy, network_metrics(triple(), data())), 0.75);
}

TEST(Objective, CrossEntropyDoesNotSeeTheScale) {
  Network network = triple();
  const double before = value_of(Measure::cross_entropy, network_metrics(network, many()));
  // With the best temperature the right class has nearly 3/4.
  EXPECT_NEAR(before, 0.75 * std::log(0.75) + 0.25 * std::log(0.25), 1e-3);
  rescale(network, 0.01);
  EXPECT_NEAR(value_of(Measure::cross_entropy, network_metrics(network, many())), before, 1e-6);
}

TEST(NetworkMetrics, ProbabilitiesAreThoseAfterWaking) {
  const Metrics m = network_metrics(triple(), many());
  ASSERT_TRUE(m.probabilities.has_value());
  // Three of four answers are right, and all are as sure.
  EXPECT_LT(m.probabilities->calibration_error, 0.01);
  // Two thirds of the samples that look like class 0 are of it, and all that look like class 1:
  // of the pairs half of the samples of class 1 come after all of class 0, and half are equal.
  EXPECT_NEAR(m.probabilities->roc_area.value_or(0), 0.75, 1e-9);
}

TEST(NetworkMetrics, OutputsThatAreWorseThanChanceKeepTheirOrder) {
  Network network = triple();
  network.layers[0].weights = {-1, 1, 1, -1};
  const Metrics m = network_metrics(network, many());
  EXPECT_NEAR(m.probabilities->cross_entropy, std::log(2), 1e-6);
  EXPECT_NEAR(m.probabilities->roc_area.value_or(0), 0.25, 1e-9);
}

TEST(Objective, OutputsThatSayNothingAreWorthAGuess) {
  Network network = triple();
  network.layers[0].weights = {0, 0, 0, 0};
  EXPECT_NEAR(value_of(Measure::cross_entropy, network_metrics(network, many())), -std::log(2),
              1e-9);
  network.layers[0].weights = {-1, 1, 1, -1};
  EXPECT_NEAR(value_of(Measure::cross_entropy, network_metrics(network, many())), -std::log(2),
              1e-3);
}

}  // namespace
}  // namespace hypnos

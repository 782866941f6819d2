#include "hypnos/objective.hpp"

#include <gtest/gtest.h>

#include <cmath>

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

TEST(Objective, ByHand) {
  EXPECT_DOUBLE_EQ(score(triple(), data(), Objective::accuracy), 0.75);
  EXPECT_DOUBLE_EQ(score(triple(), data(), Objective::balanced_accuracy), 0.75);
}

TEST(Objective, CrossEntropyDoesNotSeeTheScale) {
  Network network = triple();
  const double before = score(network, data(), Objective::cross_entropy);
  // With the best temperature the right class has nearly 3/4.
  EXPECT_NEAR(before, 0.75 * std::log(0.75) + 0.25 * std::log(0.25), 1e-3);
  rescale(network, 0.01);
  EXPECT_NEAR(score(network, data(), Objective::cross_entropy), before, 1e-6);
}

TEST(Objective, OutputsThatSayNothingAreWorthAGuess) {
  Network network = triple();
  network.layers[0].weights = {0, 0, 0, 0};
  EXPECT_NEAR(score(network, data(), Objective::cross_entropy), -std::log(2), 1e-9);
  network.layers[0].weights = {-1, 1, 1, -1};
  EXPECT_NEAR(score(network, data(), Objective::cross_entropy), -std::log(2), 1e-3);
}

}  // namespace
}  // namespace hypnos

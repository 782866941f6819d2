#include "hypnos/wake.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "hypnos/error.hpp"
#include "reference/plain_forward.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

TEST(WakingFactor, SquaredErrorInClosedForm) {
  // f = (1, 2), t = (0, 1): g = 2 / 5.
  const std::vector<float> outputs = {1, 2};
  const std::vector<std::uint32_t> labels = {1};
  EXPECT_DOUBLE_EQ(waking_factor(OutputKind::relu, outputs, labels, 2), 0.4);
}

TEST(WakingFactor, RefusesOutputsThatSayNothing) {
  const std::vector<float> outputs = {1, 0, 0, 0};
  const std::vector<std::uint32_t> labels = {1, 0};
  EXPECT_THROW(waking_factor(OutputKind::relu, outputs, labels, 2), InputError);
}

TEST(WakingFactor, CrossEntropyByHand) {
  // Two classes, logits (1, 0); three of four samples are of class 0. With smoothed targets the
  // best probability of class 0 is 0.99 * 3/4 + 0.005, so g = log(p / (1 - p)).
  const std::vector<float> logits = {1, 0, 1, 0, 1, 0, 1, 0};
  const std::vector<std::uint32_t> labels = {0, 0, 0, 1};
  const double p = 0.99 * 0.75 + 0.005;
  EXPECT_NEAR(waking_factor(OutputKind::softmax, logits, labels, 2), std::log(p / (1 - p)), 1e-4);
}

TEST(WakingFactor, CrossEntropyIsFiniteWhenEverySampleIsRight) {
  const std::vector<float> logits = {0.001F, 0, 0, 0.001F};
  const std::vector<std::uint32_t> labels = {0, 1};
  // The best probability is 0.995.
  EXPECT_NEAR(waking_factor(OutputKind::softmax, logits, labels, 2), 1000 * std::log(0.995 / 0.005),
              1);
}

TEST(WakingFactor, RefusesLogitsThatSayNothingOrTheOpposite) {
  const std::vector<std::uint32_t> labels = {1, 0};
  EXPECT_THROW(waking_factor(OutputKind::softmax, std::vector<float>(4, 0.0F), labels, 2),
               InputError);
  const std::vector<float> opposite = {1, 0, 0, 1};
  EXPECT_THROW(waking_factor(OutputKind::softmax, opposite, labels, 2), InputError);
}

TEST(Rescale, MultipliesTheOutputsBiasesIncluded) {
  const std::size_t sizes[] = {5, 7, 6, 3};
  const Network before = test::random_network(sizes, -1, 1, 3, true);
  Network after = before;
  rescale(after, 42);
  const std::vector<float> input = {0.1F, 0.9F, 0.4F, 0.3F, 0.7F};
  std::vector<float> outputs;
  test::plain_forward(before, input, [&](std::size_t, std::span<const float> a) {
    outputs.assign(a.begin(), a.end());
  });
  test::plain_forward(after, input, [&](std::size_t layer, std::span<const float> a) {
    if (layer != 2) return;
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_NEAR(a[i], 42 * outputs[i], 1e-4F * std::fabs(42 * outputs[i]) + 1e-4F);
    }
  });
}

}  // namespace
}  // namespace hypnos

#include "report/sleep_data.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hypnos {
namespace {

// Of a network with two inputs and four outputs.
SleepOutcome make_sleep(double rate, double correlation, bool looked) {
  SleepOutcome sleep{.end = "complete", .steps = 10};
  sleep.activity = {{.units = 2, .rate = rate}, {.units = 4, .rate = 0, .threshold = 7.5}};
  sleep.weights = {{.before = {.mean = 1}, .after = {.mean = 2}, .change = {}}};
  sleep.weights[0].change.strengthened = 2;
  sleep.weights[0].change.weakened = 6;
  if (looked) {
    ResponseSummary responses{.units = 4, .active = 0.5, .sparsity = 0.25};
    responses.correlations = {1, correlation, correlation, 1};
    responses.class_correlation = correlation;
    sleep.responses = {{.before = responses, .after = responses}};
  }
  return sleep;
}

TEST(SleepData, AreMeansOverSleeps) {
  const SleepOutcome first = make_sleep(0.1, 0.5, true);
  const SleepOutcome second = make_sleep(0.3, NAN, true);
  const std::vector<const SleepOutcome*> sleeps = {&first, &second};
  const Json layers = layers_data(sleeps);
  ASSERT_EQ(layers.size(), 2U);
  EXPECT_EQ(layers[0]["rate"]["mean"], 0.2);
  EXPECT_FALSE(layers[0].contains("before")) << "there are no weights into the input";
  const Json& layer = layers[1];
  EXPECT_EQ(layer["threshold"], 7.5);
  EXPECT_EQ(layer["before"]["mean"], 1);
  EXPECT_EQ(layer["strengthened"]["mean"], 0.25) << "of 2 x 4 weights";
  EXPECT_EQ(layer["weakened"]["mean"], 0.75);
  EXPECT_EQ(layer["responses"]["after"]["sparsity"]["mean"], 0.25);
  EXPECT_EQ(layer["responses"]["before"]["class_correlation"]["n"], 1)
      << "of the sleeps that have a number";
  EXPECT_EQ(layer["responses"]["before"]["correlations"], Json({0.5})) << "of each pair once";
}

TEST(SleepData, OfTrialsThatNobodyLookedAtHaveNoResponses) {
  const SleepOutcome sleep = make_sleep(0.1, 0.5, false);
  const std::vector<const SleepOutcome*> sleeps = {&sleep};
  const Json layers = layers_data(sleeps);
  EXPECT_FALSE(layers[1].contains("responses"));
  EXPECT_TRUE(layers[1]["strengthened"]["deviation"].is_null()) << "of a single seed";
}

TEST(SleepData, HistogramsAreOfTheFirstSleepThatHasSome) {
  const SleepOutcome without = make_sleep(0.1, 0.5, true);
  SleepOutcome with = without;
  with.weights[0].histogram_before = {.low = -1, .high = 2, .counts = {0, 1, 2}};
  with.weights[0].histogram_after = {.low = -1, .high = 2, .counts = {2, 1, 0}};
  const Json found = histogram_data(std::vector<const SleepOutcome*>{&without, &with});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["low"], -1);
  EXPECT_EQ(found[0]["high"], 2);
  EXPECT_EQ(found[0]["before"], Json({0, 1, 2}));
  EXPECT_EQ(found[0]["after_sleep"], Json({2, 1, 0}));
  EXPECT_TRUE(histogram_data(std::vector<const SleepOutcome*>{&without}).empty());
}

}  // namespace
}  // namespace hypnos

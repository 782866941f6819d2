#include "study/describe_sleep.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace hypnos {
namespace {

std::size_t sum(const std::vector<std::size_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

TEST(DescribeSleep, SaysWhatFiredAndWhatChanged) {
  const Network before{.layers = {{.outputs = 1, .inputs = 4, .weights = {0, 1, 2, 3}}}};
  const Network after{.layers = {{.outputs = 1, .inputs = 4, .weights = {0, 0, 4, 6}}}};
  SleepReport report{.steps = 10, .thresholds = {7.5}};
  report.spike_counts = {{5, 0, 5, 10}, {3}};
  const SleepOutcome outcome = describe_sleep(before, after, report);
  EXPECT_EQ(outcome.end, "complete");
  EXPECT_EQ(outcome.steps, 10U);
  ASSERT_EQ(outcome.activity.size(), 2U);
  EXPECT_EQ(outcome.activity[0].units, 4U);
  EXPECT_EQ(outcome.activity[0].spikes, 20U);
  EXPECT_FALSE(outcome.activity[0].threshold) << "the input has none";
  EXPECT_DOUBLE_EQ(outcome.activity[1].rate, 0.3);
  EXPECT_EQ(outcome.activity[1].threshold, 7.5);
  ASSERT_EQ(outcome.weights.size(), 1U);
  const LayerWeights& weights = outcome.weights[0];
  EXPECT_EQ(weights.before.mean, 1.5);
  EXPECT_EQ(weights.after.high, 6);
  EXPECT_EQ(weights.change.strengthened, 2U);
  EXPECT_EQ(weights.change.weakened, 1U);
  for (const WeightHistogram* histogram : {&weights.histogram_before, &weights.histogram_after}) {
    EXPECT_EQ(histogram->low, 0);
    EXPECT_EQ(histogram->high, 6) << "both have the same bins";
    EXPECT_EQ(sum(histogram->counts), 4U);
  }
  EXPECT_TRUE(outcome.responses.empty());
}

}  // namespace
}  // namespace hypnos

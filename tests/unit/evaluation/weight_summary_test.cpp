#include "hypnos/weight_summary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace hypnos {
namespace {

using Weights = std::vector<float>;

TEST(WeightSummary, FourWeightsByHand) {
  const WeightSummary s = summarize_weights(Weights{-1, 0, 1, 4});
  EXPECT_DOUBLE_EQ(s.mean, 1);
  EXPECT_DOUBLE_EQ(s.deviation, std::sqrt(14.0 / 4));
  EXPECT_EQ(s.low, -1);
  EXPECT_EQ(s.high, 4);
  EXPECT_EQ(s.positive, 0.5);
  EXPECT_DOUBLE_EQ(s.sparsity, 2 - 6 / std::sqrt(18.0));
}

TEST(WeightSummary, SparsityRunsFromAllAlikeToOneAlone) {
  EXPECT_NEAR(summarize_weights(Weights(100, -0.5F)).sparsity, 0, 1e-12);
  Weights one(100, 0.0F);
  EXPECT_EQ(summarize_weights(one).sparsity, 0);
  one[7] = -3;
  EXPECT_NEAR(summarize_weights(one).sparsity, 1, 1e-12);
  EXPECT_EQ(summarize_weights(Weights{2}).sparsity, 0);
}

TEST(WeightSummary, ChangesAreCounted) {
  const WeightChange change = compare_weights(Weights{1, 2, 3, -4}, Weights{1, 5, 2, -3});
  EXPECT_EQ(change.strengthened, 2U);
  EXPECT_EQ(change.weakened, 1U);
  // The deviation before is 2.69.
  EXPECT_EQ(change.strengthened_strongly, 1U);
  EXPECT_EQ(change.weakened_strongly, 0U);
}

TEST(WeightSummary, LargestChangesAreWeighed) {
  Weights before(1000);
  for (std::size_t i = 0; i < 1000; ++i) before[i] = i % 2 == 0 ? 1.0F : -1.0F;
  Weights after = before;
  for (std::size_t i = 0; i < 200; ++i) after[(i * 37) % 1000] += i < 10 ? 2.0F : -0.5F;
  const WeightChange change = compare_weights(before, after);
  EXPECT_EQ(change.strengthened, 10U);
  EXPECT_EQ(change.weakened, 190U);
  EXPECT_EQ(change.strengthened_strongly, 10U);
  EXPECT_EQ(change.weakened_strongly, 0U);
  EXPECT_DOUBLE_EQ(change.size, 0.115);
  EXPECT_DOUBLE_EQ(change.largest_increase, 2);
  EXPECT_DOUBLE_EQ(change.largest_decrease, 0.5);
  EXPECT_DOUBLE_EQ(change.of_top_1pct, 20.0 / 115);
  EXPECT_DOUBLE_EQ(change.of_top_10pct, (20 + 45) / 115.0);
  EXPECT_EQ(compare_weights(before, before).of_top_10pct, 0);
}

TEST(WeightHistogram, BinsAreEquallyWideAndHoldAll) {
  const WeightHistogram h = count_weights(Weights{-1, -0.51F, -0.5F, 0, 0.99F, 1}, -1, 1, 4);
  EXPECT_EQ(h.counts, (std::vector<std::size_t>{2, 1, 1, 2}));
  EXPECT_EQ(count_weights(Weights{2, 2}, 2, 2, 3).counts, (std::vector<std::size_t>{2, 0, 0}));
}

}  // namespace
}  // namespace hypnos

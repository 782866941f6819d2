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
}

}  // namespace
}  // namespace hypnos

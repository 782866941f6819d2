#include "base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "support/vector_targets.hpp"

namespace hypnos {
namespace {

TEST(RandomStream, BlocksAreFixedForever) {
  // A change here changes every result that anyone has stored.
  const auto block = RandomStream(1, Purpose::subset).block(0, 0);
  const auto again = RandomStream(1, Purpose::subset).block(0, 0);
  EXPECT_EQ(block, again);
  EXPECT_NE(block, RandomStream(2, Purpose::subset).block(0, 0));
  EXPECT_NE(block, RandomStream(1, Purpose::weights).block(0, 0));
  EXPECT_NE(block, RandomStream(1, Purpose::subset).block(1, 0));
  EXPECT_NE(block, RandomStream(1, Purpose::subset).block(0, 1));
}

using RandomFillTest = test::VectorTargetTest;
INSTANTIATE_TEST_SUITE_P(Targets, RandomFillTest, test::vector_targets(), test::target_name);

TEST_P(RandomFillTest, FillIsTheBlocksInOrder) {
  for (const std::uint64_t position : {3ULL, 0x123456789ABCDEFULL}) {
    const RandomStream stream(0xFEDCBA9876543210ULL + position, Purpose::dropout);
    for (const std::size_t length : {0U, 3U, 10U, 64U, 203U}) {
      std::vector<std::uint32_t> words(length);
      stream.fill(position, words);
      for (std::uint32_t i = 0; i < length; ++i) {
        ASSERT_EQ(words[i], stream.block(position, i / 4)[i % 4]) << length << ", " << i;
      }
    }
  }
}

TEST(RandomSequence, BelowIsUniform) {
  RandomSequence random(11, Purpose::subset);
  std::vector<int> counts(6, 0);
  constexpr int draws = 60000;
  for (int i = 0; i < draws; ++i) ++counts[random.below(6)];
  // Five standard deviations of a binomial count with p = 1/6.
  for (const int count : counts) EXPECT_NEAR(count, draws / 6, 5 * 92);
}

TEST(RandomSequence, UniformLiesInUnitInterval) {
  RandomSequence random(13, Purpose::weights);
  double sum = 0;
  for (int i = 0; i < 100000; ++i) {
    const float u = random.uniform();
    ASSERT_GE(u, 0.0F);
    ASSERT_LT(u, 1.0F);
    sum += double{u};
  }
  EXPECT_NEAR(sum / 100000, 0.5, 5 * 0.2887 / std::sqrt(100000.0));
}

TEST(Shuffle, KeepsAllItemsAndMovesThem) {
  std::vector<std::uint32_t> items(1000);
  std::iota(items.begin(), items.end(), 0U);
  std::vector<std::uint32_t> sorted = items;
  RandomSequence random(17, Purpose::shuffling);
  shuffle(items, random);
  EXPECT_NE(items, sorted);
  std::sort(items.begin(), items.end());
  EXPECT_EQ(items, sorted);
}

}  // namespace
}  // namespace hypnos

#include "training/elementwise.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace hypnos {
namespace {

// Not a multiple of any vector's width.
constexpr std::size_t count = 203;

std::vector<float> normal_numbers(unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal;
  std::vector<float> numbers(count);
  for (float& number : numbers) number = normal(engine);
  return numbers;
}

TEST(Elementwise, RectifiesAndDropsByTheWord) {
  const std::vector<float> before = normal_numbers(1);
  std::mt19937 engine(2);
  std::vector<std::uint32_t> words(count);
  for (std::uint32_t& word : words) word = static_cast<std::uint32_t>(engine());
  words[0] = 0x7FFFFFFF;
  words[1] = 0x80000000;
  std::vector<float> a = before;
  rectify_and_drop(a, words, {.below = 0x80000000, .scale = 2});
  for (std::size_t i = 0; i < count; ++i) {
    const bool dropped = words[i] < 0x80000000;
    ASSERT_EQ(a[i], dropped || before[i] <= 0 ? 0 : 2 * before[i]) << i;
  }
}

TEST(Elementwise, RectifyingKeepsWhatIsNoNumber) {
  // So that a training that diverges is seen in its loss.
  std::vector<float> a = {std::numeric_limits<float>::quiet_NaN(), -1, 1};
  rectify_and_drop(a, std::vector<std::uint32_t>{9, 9, 9}, {.below = 9, .scale = 1});
  EXPECT_TRUE(std::isnan(a[0]));
  EXPECT_EQ(a[1], 0);
  EXPECT_EQ(a[2], 1);
}

TEST(Elementwise, ErrorsPassWhereUnitsAreActive) {
  const std::vector<float> before = normal_numbers(3);
  const std::vector<float> activations = normal_numbers(4);
  std::vector<float> errors = before;
  pass_error_back(errors, activations, 1.25F);
  for (std::size_t i = 0; i < count; ++i) {
    ASSERT_EQ(errors[i], activations[i] > 0 ? before[i] * 1.25F : 0) << i;
  }
}

TEST(Elementwise, StepSubtractsTheUpdateAndLeavesItsMomentum) {
  const std::vector<float> weights = normal_numbers(5);
  const std::vector<float> updates = normal_numbers(6);
  std::vector<float> w = weights;
  std::vector<float> u = updates;
  step(w, u, 0.9F);
  for (std::size_t i = 0; i < count; ++i) {
    ASSERT_EQ(w[i], weights[i] - updates[i]) << i;
    ASSERT_EQ(u[i], updates[i] * 0.9F) << i;
  }
}

}  // namespace
}  // namespace hypnos

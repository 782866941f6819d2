#include "tuning/largest_error.hpp"

#include <gtest/gtest.h>

#include <random>

namespace hypnos {
namespace {

class LargestErrorTest : public testing::Test {
 protected:
  std::vector<double> noise() {
    std::vector<double> values(500);
    for (double& value : values) value = normal_(random_);
    return values;
  }

  std::mt19937 random_{1};
  std::normal_distribution<double> normal_{0.3, 1};
  std::vector<std::uint32_t> classes_ = std::vector<std::uint32_t>(500, 0);
};

TEST_F(LargestErrorTest, LengthsThatAnswerAlikeCountAsOne) {
  const std::vector<double> one = noise();
  EXPECT_NEAR(quantile_of_largest({one}, classes_), 1.96, 0.08);
  EXPECT_NEAR(quantile_of_largest({one, one, one, one, one, one, one, one}, classes_), 1.96, 0.08);
}

TEST_F(LargestErrorTest, ThoseThatHaveNothingInCommonCountApart) {
  std::vector<std::vector<double>> changes;
  for (int k = 0; k < 8; ++k) changes.push_back(noise());
  // Of the largest of eight: the quantile of 0.975^(1/8).
  EXPECT_NEAR(quantile_of_largest(changes, classes_), 2.73, 0.1);
}

// Two classes of which one gains and one loses, each sample as much: there is no error at all.
TEST_F(LargestErrorTest, WhatAClassHasInCommonIsNoError) {
  std::vector<double> changes(500);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    classes_[i] = i % 2;
    changes[i] = i % 2 == 0 ? 1 : -1;
  }
  EXPECT_NEAR(quantile_of_largest({changes, changes}, classes_), 1.96, 1e-3);
}

}  // namespace
}  // namespace hypnos

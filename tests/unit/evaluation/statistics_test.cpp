#include "hypnos/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

using Values = std::vector<double>;

TEST(Statistics, MeanAndSampleDeviation) {
  const Summary s = summarize(Values{2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_EQ(s.n, 8U);
  EXPECT_DOUBLE_EQ(s.mean, 5);
  EXPECT_DOUBLE_EQ(s.deviation, std::sqrt(32.0 / 7));
}

TEST(Statistics, OneValueHasNoSpreadAndNoneNoMean) {
  EXPECT_EQ(summarize(Values{3}).mean, 3);
  EXPECT_TRUE(std::isnan(summarize(Values{3}).deviation));
  EXPECT_TRUE(std::isnan(summarize(Values{}).mean));
  EXPECT_TRUE(std::isnan(mean_interval(Values{3}).low));
  EXPECT_TRUE(std::isnan(mean_interval(Values{}).high));
}

TEST(Statistics, DifferencesArePaired) {
  EXPECT_EQ(paired_differences(Values{3, 5}, Values{1, 6}), (Values{2, -1}));
  EXPECT_THROW(paired_differences(Values{3}, Values{}), InputError);
}

TEST(Statistics, IntervalOfTwoValuesReachesFromOneToTheOther) {
  // Half of the resamples mix the two, a quarter each repeats one.
  const Interval i = mean_interval(Values{1, 2});
  EXPECT_EQ(i.low, 1);
  EXPECT_EQ(i.high, 2);
}

TEST(Statistics, IntervalOfManyValuesIsThatOfTheNormalDistribution) {
  Values values;
  for (int i = 0; i < 400; ++i) values.push_back(std::sin(i * 1.7) + 10);
  const Summary s = summarize(values);
  const double half = 1.96 * s.deviation / std::sqrt(400.0);
  const Interval i = mean_interval(values);
  EXPECT_NEAR(i.low, s.mean - half, 0.05 * half);
  EXPECT_NEAR(i.high, s.mean + half, 0.05 * half);
}

TEST(Statistics, IntervalIsTheSameEveryTime) {
  const Values values = {0.1, 0.5, 0.2, 0.8, 0.3};
  EXPECT_EQ(mean_interval(values).low, mean_interval(values).low);
  EXPECT_GT(mean_interval(values).low, 0.1);
  EXPECT_LT(mean_interval(values).high, 0.8);
}

TEST(Quantile, IsThatOfTheNormalDistribution) {
  // Tables of the normal distribution.
  EXPECT_NEAR(two_sided_quantile(0.05), 1.959963984540054, 1e-12);
  EXPECT_NEAR(two_sided_quantile(0.01), 2.575829303548901, 1e-12);
  EXPECT_NEAR(two_sided_quantile(0.05 / 8), 2.734368787336, 1e-6);
  EXPECT_NEAR(two_sided_quantile(1e-6), 4.891638475698, 1e-5);
  EXPECT_NEAR(two_sided_quantile(1), 0, 1e-12);
}

}  // namespace
}  // namespace hypnos

#include "hypnos/response_summary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace hypnos {
namespace {

using Labels = std::vector<std::uint32_t>;

TEST(ResponseSummary, ThreeSamplesByHand) {
  ResponseStatistics statistics(4, 2);
  statistics.add(std::vector<float>{0, 1, 0, 3, 0, 0, 2, 0}, Labels{0, 1});
  statistics.add(std::vector<float>{2, 2, 2, 2}, Labels{1});
  const ResponseSummary s = statistics.summary();
  EXPECT_EQ(s.units, 4U);
  EXPECT_DOUBLE_EQ(s.active, 7.0 / 12);
  EXPECT_DOUBLE_EQ(s.sparsity, ((1 - 16.0 / (4 * 10)) / 0.75 + 1 + 0) / 3);
  EXPECT_DOUBLE_EQ(s.hoyer, ((2 - 4 / std::sqrt(10.0)) + 1 + 0) / 3);
  // Mean responses (0, 1, 0, 3) and (1, 1, 2, 1), less 1 and 1.25.
  const double covariance = -1 * -0.25 + 0 * -0.25 - 1 * 0.75 + 2 * -0.25;
  const double expected = covariance / std::sqrt(6 * 0.75);
  EXPECT_NEAR(s.class_correlation, expected, 1e-12);
  EXPECT_NEAR(s.correlations[1], expected, 1e-12);
  EXPECT_NEAR(s.correlations[2], expected, 1e-12);
  EXPECT_NEAR(s.correlations[3], 1, 1e-12);
}

TEST(ResponseSummary, WhatDoesNotRespondHasNoPattern) {
  ResponseStatistics statistics(3, 3);
  statistics.add(std::vector<float>{0, 0, 0, 0.1F, 0.1F, 0.1F, 1, 0, 0, 1, 0, 0},
                 Labels{0, 1, 2, 2});
  const ResponseSummary s = statistics.summary();
  EXPECT_NEAR(s.sparsity, 2.0 / 3, 1e-6) << "the silent sample does not count";
  EXPECT_TRUE(std::isnan(s.correlations[1]));
  EXPECT_TRUE(std::isnan(s.class_correlation));
  EXPECT_NEAR(s.correlations[8], 1, 1e-12);
}

TEST(ResponseSummary, DoesNotDependOnHowItIsCut) {
  std::vector<float> responses;
  Labels labels;
  for (int i = 0; i < 60; ++i) responses.push_back(static_cast<float>((i * 37) % 11) - 4);
  for (std::uint32_t s = 0; s < 12; ++s) labels.push_back(s % 3);
  ResponseStatistics whole(5, 3);
  whole.add(responses, labels);
  ResponseStatistics parts(5, 3);
  parts.add(std::span(responses).first(35), std::span(labels).first(7));
  parts.add(std::span(responses).subspan(35), std::span(labels).subspan(7));
  EXPECT_EQ(whole.summary().correlations, parts.summary().correlations);
  EXPECT_EQ(whole.summary().sparsity, parts.summary().sparsity);
}

}  // namespace
}  // namespace hypnos

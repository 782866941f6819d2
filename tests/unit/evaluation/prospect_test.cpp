#include "hypnos/prospect.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// 8 samples of class 0 and 2 of class 1; the answers as given.
Metrics metrics_of(const std::vector<std::uint32_t>& answers) {
  return measure(std::vector<std::uint32_t>{0, 0, 0, 0, 0, 0, 0, 0, 1, 1}, answers, 3);
}

std::vector<ResponseSummary> layers(std::vector<double> correlations) {
  std::vector<ResponseSummary> made;
  for (const double correlation : correlations) made.push_back({.class_correlation = correlation});
  return made;
}

const std::vector<std::uint32_t> always_2(10, 2);

TEST(Prospect, LastHiddenLayerDecides) {
  const auto standing = [](double first, double last) {
    return prospect_of(metrics_of(always_2), layers({first, last, 0})).standing;
  };
  EXPECT_EQ(standing(0.1, 0.80), Standing::plateau);
  EXPECT_EQ(standing(0.9, 0.79), Standing::edge);
  EXPECT_EQ(standing(0.9, 0.45), Standing::edge);
  EXPECT_EQ(standing(0.9, 0.44), Standing::past);
  EXPECT_EQ(standing(0.9, -0.2), Standing::past);
}

TEST(Prospect, CountsAnswers) {
  const Prospect found =
      prospect_of(metrics_of({0, 0, 0, 0, 0, 0, 1, 1, 1, 1}), layers({0.9, 0.1}));
  EXPECT_EQ(found.samples, 10U);
  EXPECT_DOUBLE_EQ(found.accuracy, 0.8);
  EXPECT_DOUBLE_EQ(found.chance, 0.8);
  EXPECT_DOUBLE_EQ(found.commonest, 0.6);
  EXPECT_EQ(found.answered, 2U);
  EXPECT_EQ(found.classes, 3U);
  EXPECT_EQ(found.alike, std::vector<double>{0.9});
  EXPECT_DOUBLE_EQ(found.visible_gain, 0.25);
}

TEST(Prospect, SaysWhatItCannotJudge) {
  EXPECT_THROW(prospect_of(metrics_of(always_2), layers({0.9})), InputError);
  const double none = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(prospect_of(metrics_of(always_2), layers({0.9, none, 0.9})), InputError);
}

TEST(Prospect, LossOfOneAnswer) {
  const Metrics metrics = metrics_of(always_2);
  // Outputs (0.8, 0.2, 0) are best: 0.8 * 0.5 (0.04 + 0.04) + 0.2 * 0.5 (0.64 + 0.64).
  EXPECT_NEAR(constant_answer_loss(false, metrics), 0.16, 1e-12);
  EXPECT_NEAR(constant_answer_loss(true, metrics), -0.8 * std::log(0.8) - 0.2 * std::log(0.2),
              1e-12);
}

}  // namespace
}  // namespace hypnos

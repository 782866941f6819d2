#include "hypnos/metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

using Classes = std::vector<std::uint32_t>;

TEST(Metrics, ThreeClassesByHand) {
  // Confusion, rows true: class 0: 3 right, 1 as 1; class 1: 2 right, 1 as 0, 1 as 2; class 2: 1
  // right, 1 as 0.
  const Classes truth = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2};
  const Classes answers = {0, 0, 0, 1, 1, 1, 0, 2, 2, 0};
  const Metrics m = measure(truth, answers, 3);
  EXPECT_EQ(m.confusion.counts, (std::vector<std::uint64_t>{3, 1, 0, 1, 2, 1, 1, 0, 1}));
  EXPECT_DOUBLE_EQ(m.accuracy, 0.6);
  EXPECT_DOUBLE_EQ(m.per_class[0].precision, 3.0 / 5);
  EXPECT_DOUBLE_EQ(m.per_class[0].recall, 3.0 / 4);
  EXPECT_DOUBLE_EQ(m.per_class[0].f1, 2.0 / 3);
  EXPECT_DOUBLE_EQ(m.per_class[1].precision, 2.0 / 3);
  EXPECT_DOUBLE_EQ(m.per_class[1].recall, 2.0 / 4);
  EXPECT_DOUBLE_EQ(m.per_class[1].f1, 4.0 / 7);
  EXPECT_DOUBLE_EQ(m.per_class[2].f1, 1.0 / 2);
  EXPECT_NEAR(m.balanced_accuracy, (0.75 + 0.5 + 0.5) / 3, 1e-12);
  EXPECT_NEAR(m.macro_f1, (2.0 / 3 + 4.0 / 7 + 0.5) / 3, 1e-12);
  EXPECT_NEAR(m.geometric_mean, std::cbrt(0.75 * 0.5 * 0.5), 1e-12);
}

TEST(Metrics, AClassNeverRecognizedMakesTheGeometricMeanZero) {
  const Metrics m = measure(Classes{0, 1}, Classes{0, 0}, 2);
  EXPECT_EQ(m.geometric_mean, 0);
  EXPECT_EQ(m.balanced_accuracy, 0.5);
  EXPECT_EQ(m.per_class[1].precision, 0);
  EXPECT_EQ(m.per_class[1].f1, 0);
}

TEST(Metrics, ClassesWithoutSamplesDoNotCount) {
  const Metrics m = measure(Classes{0, 1}, Classes{0, 1}, 10);
  EXPECT_EQ(m.balanced_accuracy, 1);
  EXPECT_EQ(m.macro_f1, 1);
  EXPECT_EQ(m.geometric_mean, 1);
}

// As scikit-learn has it: a class that is answered but does not occur has an F1 of 0 that counts.
TEST(Metrics, MacroF1IsOverClassesThatOccurOrAreAnswered) {
  const Metrics m = measure(Classes{0, 0, 1, 1}, Classes{0, 5, 1, 7}, 10);
  EXPECT_NEAR(m.macro_f1, (2.0 / 3 + 2.0 / 3 + 0 + 0) / 4, 1e-12);
  EXPECT_EQ(m.balanced_accuracy, 0.5);
}

TEST(RocArea, ByHand) {
  const std::vector<double> scores = {0.1F, 0.4F, 0.35F, 0.8F};
  EXPECT_EQ(roc_area(Classes{0, 0, 1, 1}, scores), 0.75);
  EXPECT_EQ(roc_area(Classes{1, 1, 0, 0}, scores), 0.25);
  EXPECT_EQ(roc_area(Classes{0, 1, 0, 1}, std::vector<double>(4, 2)), 0.5);
  EXPECT_EQ(roc_area(Classes{0, 1}, std::vector<double>{-1, 1}), 1);
  EXPECT_FALSE(roc_area(Classes{1, 1}, std::vector<double>{1, 2}).has_value());
}

TEST(Metrics, RefuseWhatCannotBeMeasured) {
  EXPECT_THROW(measure(Classes{}, Classes{}, 2), InputError);
  EXPECT_THROW(measure(Classes{0}, Classes{0, 1}, 2), InputError);
  EXPECT_THROW(measure(Classes{2}, Classes{0}, 2), InputError);
  EXPECT_THROW(measure(Classes{0}, Classes{2}, 2), InputError);
  EXPECT_THROW(measure(Classes{0}, Classes{0}, 100'000'000), InputError);  // 80,000 TB
}

}  // namespace
}  // namespace hypnos

#include "hypnos/objective.hpp"

#include <gtest/gtest.h>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

Metrics metrics() {
  using Classes = std::vector<std::uint32_t>;
  // Recalls 1, 1/2, 1/3.
  return measure(Classes{0, 0, 1, 1, 2, 2, 2}, Classes{0, 0, 1, 0, 2, 0, 0}, 4);
}

TEST(Objective, IsReadAsItIsWritten) {
  for (const Name<Measure>& name : names_of<Measure>) {
    if (name.value == Measure::recall) continue;
    EXPECT_EQ(text_of(read_objective(name.text)), name.text);
    EXPECT_EQ(read_objective(name.text), Objective(name.value));
  }
  for (const char* text :
       {"recall:3", "recall:3,0", "0.5*accuracy+0.25*recall:1,2", "accuracy+0.1*cross-entropy"}) {
    EXPECT_EQ(text_of(read_objective(text)), text);
  }
}

TEST(Objective, SaysWhatItCannotRead) {
  for (const char* text : {"", "acuracy", "recall", "recall:", "recall:x", "recall:-1", "recall:3,",
                           "accuracy:", "accuracy:3", "0*accuracy", "-1*accuracy", "x*accuracy",
                           "accuracy+", "+accuracy", "2*", "inf*accuracy"}) {
    EXPECT_THROW(read_objective(text), ParameterError) << text;
  }
}

TEST(Objective, IsAWeightedSum) {
  const Metrics m = metrics();
  EXPECT_DOUBLE_EQ(value_of(read_objective("recall:0,2"), m), (1 + 1.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(value_of(read_objective("worst-class"), m), 1.0 / 3);
  EXPECT_DOUBLE_EQ(value_of(read_objective("0.5*recall:1+2*accuracy"), m), 0.25 + 2 * 4.0 / 7);
}

TEST(Objective, ErrorsCountNegatively) {
  Metrics m = metrics();
  const std::vector<std::uint32_t> truth = {0, 1};
  const std::vector<double> logits = {0, 0, 0, 0};
  m.probabilities = measure_probabilities(truth, logits, 2);
  EXPECT_NEAR(value_of(Measure::cross_entropy, m), -0.6931472, 1e-6);
  EXPECT_LE(value_of(Measure::calibration_error, m), 0);
  EXPECT_LT(worst_value(Measure::cross_entropy), value_of(Measure::cross_entropy, m));
  EXPECT_EQ(worst_value(Measure::accuracy), 0);
}

TEST(Objective, SaysWhatTheSamplesDoNot) {
  const Metrics m = metrics();
  EXPECT_THROW(value_of(read_objective("recall:3"), m), InputError);  // no sample is of class 3
  EXPECT_THROW(value_of(read_objective("recall:9"), m), InputError);
  EXPECT_THROW(value_of(Measure::roc_area, m), InputError);  // there are answers alone
  Metrics one = m;
  one.probabilities =
      measure_probabilities(std::vector<std::uint32_t>{1, 1}, std::vector<double>{0, 1, 1, 0}, 2);
  EXPECT_THROW(value_of(Measure::roc_area, one), InputError);
}

}  // namespace
}  // namespace hypnos

#include "tuning/judged_answers.hpp"

#include <gtest/gtest.h>

namespace hypnos {
namespace {

// Three samples under two distortions: all right under one, one right under the other.
JudgedAnswers answers(double weight_of_first) {
  return {.sets = {{.weight = weight_of_first, .answers = {0, 1, 1}, .logits = {}},
                   {.answers = {0, 0, 0}, .logits = {}}}};
}

const JudgedLabels truth{.labels = {0, 1, 1}, .classes = 2};

TEST(JudgedAnswers, TheValueIsTheWeightedMeanOverDistortions) {
  const Objective accuracy = read_objective("accuracy");
  EXPECT_DOUBLE_EQ(value_of(accuracy, answers(1), truth), (1 + 1.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(value_of(accuracy, answers(3), truth), (3 + 1.0 / 3) / 4);
}

TEST(JudgedAnswers, PartsThatAreRightGoByTheWeights) {
  EXPECT_EQ(part_right(answers(3), truth), (std::vector<double>{1, 0.75, 0.75}));
}

TEST(JudgedAnswers, WeightsStayWhereSamplesAreAdded) {
  JudgedAnswers all;
  all.append(answers(3));
  all.append(answers(3));
  ASSERT_EQ(all.sets.size(), 2U);
  EXPECT_EQ(all.sets[0].weight, 3);
  EXPECT_EQ(all.sets[0].answers.size(), 6U);
}

}  // namespace
}  // namespace hypnos

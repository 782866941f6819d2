#include "hypnos/sequence_measures.hpp"

#include <gtest/gtest.h>

namespace hypnos {
namespace {

TEST(SequenceMeasures, ByHand) {
  const std::vector<TaskAccuracies> rows = {
      {.learned = 1, .before = {0.9, 0, 0}, .slept = {0.8, 0.1, 0}},
      {.learned = 2, .before = {0.2, 1, 0}, .slept = {0.85, 0.7, 0}},
      {.learned = 3, .before = {0.1, 0.2, 1}, .slept = {0.5, 0.4, 0.9}}};
  const SequenceMeasures measures = measures_of(rows);
  EXPECT_DOUBLE_EQ(measures.mean_accuracy, 0.6);
  EXPECT_DOUBLE_EQ(*measures.learning_accuracy, 0.8);
  EXPECT_DOUBLE_EQ(*measures.backward_transfer, -0.3);
  EXPECT_DOUBLE_EQ(*measures.forgetting, ((0.85 - 0.5) + (0.7 - 0.4)) / 2);
}

TEST(SequenceMeasures, LearnedAtOnceNothingIsForgotten) {
  const std::vector<TaskAccuracies> rows = {{.learned = 2, .before = {0.5, 0.7}}};
  const SequenceMeasures measures = measures_of(rows);
  EXPECT_DOUBLE_EQ(measures.mean_accuracy, 0.6);
  EXPECT_FALSE(measures.learning_accuracy);
  EXPECT_FALSE(measures.backward_transfer);
  EXPECT_FALSE(measures.forgetting);
}

TEST(SequenceMeasures, OfOneTask) {
  const std::vector<TaskAccuracies> rows = {{.learned = 1, .before = {0.5}}};
  EXPECT_DOUBLE_EQ(*measures_of(rows).learning_accuracy, 0.5);
  EXPECT_FALSE(measures_of(rows).forgetting);
}

TEST(SequenceMeasures, AccuracyOfATaskCountsItsSamples) {
  const std::vector<std::uint32_t> truth = {0, 0, 0, 1, 2, 2};
  const std::vector<std::uint32_t> answers = {0, 0, 2, 0, 2, 1};
  const std::vector<std::vector<std::uint32_t>> tasks = {{1, 0}, {2}};
  EXPECT_EQ(task_accuracies(measure(truth, answers, 3), tasks), (std::vector{0.5, 0.5}));
}

}  // namespace
}  // namespace hypnos

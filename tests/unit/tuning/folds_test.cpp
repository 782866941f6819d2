#include "hypnos/folds.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "hypnos/error.hpp"
#include "support/subjects.hpp"

namespace hypnos {
namespace {

TEST(Folds, EachSampleIsLeftOutOnce) {
  const Dataset data = test::toy_data(103, 3, 3, 4, 1);
  const auto trainees = leave_out_folds(data, 5, 7);
  ASSERT_EQ(trainees.size(), 5U);
  std::vector<float> left_out;
  for (const Trainee& trainee : trainees) {
    EXPECT_EQ(trainee.training.size() + trainee.evaluation.size(), 103U);
    left_out.insert(left_out.end(), trainee.evaluation.images.begin(),
                    trainee.evaluation.images.end());
    for (std::uint32_t label = 0; label < 4; ++label) {
      const auto& labels = trainee.evaluation.labels;
      const auto count = std::count(labels.begin(), labels.end(), label);
      EXPECT_NEAR(static_cast<double>(count), 5.15, 1);
    }
  }
  std::vector<float> all = data.images;
  std::sort(all.begin(), all.end());
  std::sort(left_out.begin(), left_out.end());
  EXPECT_EQ(left_out, all);
}

TEST(Folds, RefusesTooFewOrTooMany) {
  const Dataset data = test::toy_data(10, 3, 3, 2, 1);
  EXPECT_THROW(leave_out_folds(data, 1, 1), ParameterError);
  EXPECT_THROW(leave_out_folds(data, 11, 1), ParameterError);
}

TEST(Folds, ASampleIsSoMany) {
  const Dataset data = test::toy_data(50, 3, 3, 2, 1);
  EXPECT_EQ(sample(data, 20, 1).size(), 20U);
  EXPECT_EQ(sample(data, 80, 1).size(), 50U);
}

TEST(Folds, TraineesDoNotDependOnTheThreadsAndCanBeStopped) {
  const Dataset data = test::toy_data(60, 6, 6, 3, 1);
  const std::vector<std::size_t> sizes = {36, 10, 3};
  TrainingOptions options = modern_protocol();
  options.epochs = 2;
  const auto trainees = leave_out_folds(data, 3, 1);
  const auto one = train_subjects(trainees, sizes, options, {.threads = 1});
  const auto two = train_subjects(trainees, sizes, options, {.threads = 2});
  ASSERT_EQ(one.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(one[i].sleeper.network.layers[0].weights, two[i].sleeper.network.layers[0].weights);
    EXPECT_EQ(one[i].evaluation.size(), 20U);
    // What shapes the noise has not seen what judges it.
    EXPECT_EQ(one[i].sleeper.mean, mean_image(trainees[i].training));
  }
  EXPECT_THROW(train_subjects(trainees, sizes, options,
                              {.threads = 2,
                               .progress = Progress([](double part, auto) { return part < 0.5; })}),
               Stopped);
}

}  // namespace
}  // namespace hypnos

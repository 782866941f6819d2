#include "training/sample_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "support/networks.hpp"

namespace hypnos {
namespace {

// 7 samples of class 0, 3 of class 1, 2 of class 2, none of class 3.
Dataset unbalanced() {
  Dataset data = test::toy_data(12, 2, 2, 4, 1);
  data.labels = {0, 0, 1, 0, 2, 0, 0, 1, 0, 2, 0, 1};
  return data;
}

TEST(SampleOrder, ShowsEachSampleOnce) {
  RandomSequence random(1, Purpose::shuffling);
  SampleOrder order(unbalanced(), ClassBalance::none);
  for (int epoch = 0; epoch < 3; ++epoch) {
    const auto samples = order.next(random);
    EXPECT_EQ(samples.size(), order.size());
    EXPECT_EQ(samples.size(), 12U);
    EXPECT_EQ(std::set(samples.begin(), samples.end()).size(), 12U);
  }
}

TEST(SampleOrder, OversamplingShowsEachClassEquallyOften) {
  const Dataset data = unbalanced();
  RandomSequence random(1, Purpose::shuffling);
  SampleOrder order(data, ClassBalance::oversampling);
  std::set<std::uint32_t> once_more;
  std::vector<std::uint32_t> last;
  for (int epoch = 0; epoch < 20; ++epoch) {
    const auto samples = order.next(random);
    EXPECT_EQ(samples.size(), order.size());
    EXPECT_NE(last, std::vector(samples.begin(), samples.end()));
    last.assign(samples.begin(), samples.end());
    std::map<std::uint32_t, int> of_class;
    std::map<std::uint32_t, int> of_sample;
    for (const std::uint32_t s : samples) {
      ++of_class[data.labels[s]];
      ++of_sample[s];
    }
    EXPECT_EQ(of_class, (std::map<std::uint32_t, int>{{0, 7}, {1, 7}, {2, 7}}));
    EXPECT_EQ(of_sample.size(), 12U) << "every sample is shown";
    for (const auto& [sample, times] : of_sample) {
      const int least = data.labels[sample] == 0 ? 1 : data.labels[sample] == 1 ? 2 : 3;
      EXPECT_GE(times, least);
      EXPECT_LE(times, least + 1);
      if (times > least) once_more.insert(sample);
    }
  }
  EXPECT_EQ(once_more.size(), 5U) << "all of the small classes take turns";
}

TEST(ClassWeights, MakeClassesCountEqually) {
  const auto weights = class_weights(unbalanced());
  ASSERT_EQ(weights.size(), 4U);
  EXPECT_DOUBLE_EQ(weights[0] * 7, 4);
  EXPECT_DOUBLE_EQ(weights[1] * 3, 4);
  EXPECT_DOUBLE_EQ(weights[2] * 2, 4);
  EXPECT_EQ(weights[3], 0);
}

TEST(SampleOrder, EachBatchHasAsManyStoredSamplesAsOthers) {
  // The last 3 of 12 are stored; batches of 4 others.
  RandomSequence random(1, Purpose::shuffling);
  SampleOrder order(unbalanced(), 3, 4);
  std::map<std::uint32_t, int> shown;
  for (int epoch = 0; epoch < 3; ++epoch) {
    const auto samples = order.next(random);
    ASSERT_EQ(samples.size(), 18U);
    EXPECT_EQ(order.size(), 18U);
    for (const auto& [first, count] : {std::pair{0, 4}, std::pair{8, 4}, std::pair{16, 1}}) {
      for (int i = 0; i < count; ++i) {
        EXPECT_LT(samples[static_cast<std::size_t>(first + i)], 9U);
        EXPECT_GE(samples[static_cast<std::size_t>(first + count + i)], 9U);
      }
    }
    for (const std::uint32_t s : samples) ++shown[s];
  }
  for (std::uint32_t s = 0; s < 9; ++s) EXPECT_EQ(shown[s], 3);
  for (std::uint32_t s = 9; s < 12; ++s) EXPECT_EQ(shown[s], 9) << "stored ones equally often";
}

}  // namespace
}  // namespace hypnos

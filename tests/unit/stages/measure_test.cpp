#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "hypnos/stages.hpp"

namespace hypnos {
namespace {

// Two inputs, two hidden units that copy them, two outputs that copy these.
const Network copy{
    .layers = {{.outputs = 2, .inputs = 2, .weights = {1, 0, 0, 1}},
               {.outputs = 2, .inputs = 2, .weights = {1, 0, 0, 1}}},
    .output = OutputKind::relu,
};

// The first two samples are answered rightly, the third is not.
const Dataset samples{.name = "toy",
                      .shape = {.rows = 1, .columns = 2},
                      .classes = 2,
                      .images = {1, 0, 0, 1, 1, 0},
                      .labels = {0, 1, 1}};

TEST(MeasureNetwork, CountsRightAnswers) {
  const Metrics metrics = stages::measure(copy, samples).metrics;
  EXPECT_EQ(metrics.samples, 3U);
  EXPECT_DOUBLE_EQ(metrics.accuracy, 2.0 / 3);
  EXPECT_EQ(metrics.per_class[1].recall, 0.5);
}

TEST(MeasureNetwork, LooksAtTheResponsesOfEachLayer) {
  const stages::Measured measures = stages::measure_with_responses(copy, samples);
  EXPECT_EQ(measures.metrics.accuracy, stages::measure(copy, samples).metrics.accuracy);
  ASSERT_EQ(measures.responses.size(), 2U);
  EXPECT_EQ(measures.responses[0].units, 2U);
  EXPECT_EQ(measures.responses[0].active, 0.5) << "one unit of two answers each sample";
  EXPECT_EQ(measures.responses[1].sparsity, 1);
}

TEST(MeasureNetwork, LooksAtDistortedSamples) {
  const std::vector<Distortion> distortions = read_distortions("clean,contrast=0.1,fgsm=1");
  std::vector<double> told;
  const Progress progress([&](double part, std::string_view) {
    told.push_back(part);
    return true;
  });
  const auto found =
      stages::measure_distorted(copy, samples, distortions, 1, {.progress = progress});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].distortion, "clean");
  EXPECT_EQ(found[0].metrics.accuracy, stages::measure(copy, samples).metrics.accuracy);
  EXPECT_EQ(found[1].metrics.accuracy, found[0].metrics.accuracy) << "less contrast, same order";
  EXPECT_EQ(found[2].metrics.accuracy, 1.0 / 3) << "the attack turns each answer around";
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  Dataset many = samples;
  many.classes = 3;
  EXPECT_THROW(stages::measure_distorted(copy, many, distortions, 1), InputError);
}

TEST(MeasureNetwork, RefusesDataThatDoNotFit) {
  Dataset wide = samples;
  wide.shape.columns = 1;
  EXPECT_THROW(stages::measure(copy, wide), InputError);
  Dataset many = samples;
  many.classes = 3;
  EXPECT_THROW(stages::measure(copy, many), InputError);
}

}  // namespace
}  // namespace hypnos

#include <gtest/gtest.h>

#include <cmath>

#include "hypnos/dataset.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

// Two samples of 2 pixels with two channels: the second is ten times the first, and two more.
Dataset two_channels(Layout layout) {
  Dataset data{.name = "made up",
               .shape = {.rows = 2, .columns = 1, .channels = 2, .layout = layout},
               .classes = 1};
  data.labels = {0, 0};
  data.images = layout == Layout::channels_last ? std::vector<float>{0, 2, 1, 12, 2, 22, 1, 12}
                                                : std::vector<float>{0, 1, 2, 12, 2, 1, 22, 12};
  return data;
}

TEST(MeasureNormalization, IsThatOfEachChannel) {
  for (const Layout layout : {Layout::channels_last, Layout::channels_first}) {
    const Normalization found = measure_normalization(two_channels(layout));
    EXPECT_EQ(found.means, (std::vector<double>{1, 12}));
    EXPECT_DOUBLE_EQ(found.deviations[0], std::sqrt(0.5));
    EXPECT_DOUBLE_EQ(found.deviations[1], 10 * std::sqrt(0.5));
  }
}

TEST(MeasureNormalization, IsThatOfEachColumnOfATable) {
  Dataset table{.shape = {.columns = 3}, .classes = 1};
  table.images = {1, 5, 10, 3, 5, 30};
  table.labels = {0, 0};
  const Normalization found = measure_normalization(table);
  EXPECT_EQ(found.means, (std::vector<double>{2, 5, 20}));
  EXPECT_EQ(found.deviations, (std::vector<double>{1, 1, 10})) << "a deviation of 0 counts as 1";
  normalize(table, found);
  EXPECT_EQ(images_of(table), (std::vector<float>{-1, 0, -1, 1, 0, 1}));
}

TEST(Normalize, LeavesTheMeanImageAsItWas) {
  for (const Layout layout : {Layout::channels_last, Layout::channels_first}) {
    for (const Normalization& normalization :
         {Normalization{.means = {0.1307}, .deviations = {0.3081}},
          Normalization{.means = {1, 12}, .deviations = {0.5, 4}},
          Normalization{.means = {1, 2, 3, 4}, .deviations = {4, 3, 2, 1}}}) {
      Dataset data = two_channels(layout);
      const std::vector<float> before = mean_image(data);
      normalize(data, normalization);
      EXPECT_FLOAT_EQ(data.images[0],
                      static_cast<float>(-normalization.means[0] / normalization.deviations[0]));
      const std::vector<float> after = noise_shape(data);
      for (std::size_t j = 0; j < before.size(); ++j) EXPECT_NEAR(after[j], before[j], 1e-5);
    }
  }
}

TEST(Normalize, RefusesAnotherNumberOfMeans) {
  Dataset data = two_channels(Layout::channels_last);
  const Normalization three = {.means = {1, 2, 3}, .deviations = {1, 1, 1}};
  EXPECT_EQ(test::message_of<ParameterError>([&] { normalize(data, three); }),
            "normalize: has 3 means for images of 2 channels; give one, or one for each channel");
}

// Samples of a standard normal distribution, more or less: their mean is 0 but for chance.
Dataset standardized(float shift) {
  Dataset data{.name = "standardized", .shape = {.columns = 2}, .classes = 1};
  for (int s = 0; s < 100; ++s) {
    data.labels.push_back(0);
    const float x = s % 2 == 0 ? 1.0F : -1.0F;
    data.images.insert(data.images.end(), {x + shift, s == 0 ? 5 * x : x});
  }
  return data;
}

TEST(NoiseShape, IsRefusedWhereInputsHaveMeanZero) {
  EXPECT_EQ(test::message_of<SilentNoiseError>([] { noise_shape(standardized(0)); }),
            "standardized: the mean input is not positive anywhere, so that noise in its shape is "
            "silent");
  EXPECT_NO_THROW(noise_shape(standardized(0.5F)));
  Dataset dark{.name = "dark", .shape = {.columns = 1}, .classes = 1};
  dark.images = {0, 0};
  dark.labels = {0, 0};
  EXPECT_THROW(noise_shape(dark), SilentNoiseError);
  dark.images = {0, 1e-6F};
  EXPECT_NO_THROW(noise_shape(dark)) << "without negative numbers any mean is a shape";
}

}  // namespace
}  // namespace hypnos

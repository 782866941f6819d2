#include "hypnos/distortion.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// Two images of three channels whose pixels go up from corner to corner, and two that are one dot.
Dataset images(Layout layout) {
  Dataset data{.name = "made",
               .shape = {.rows = 6, .columns = 5, .channels = 3, .layout = layout},
               .classes = 2,
               .labels = {0, 1, 0, 1}};
  const std::size_t features = data.shape.features();
  for (std::size_t i = 0; i < 2 * features; ++i) {
    data.images.push_back(static_cast<float>(i % features) / static_cast<float>(features));
  }
  data.images.resize(4 * features, 0.0F);
  data.images[2 * features + features / 2] = 1;
  data.images[3 * features] = 1;
  return data;
}

double total(const Dataset& data, std::size_t sample) {
  const std::size_t features = data.shape.features();
  const auto begin = data.images.begin() + static_cast<std::ptrdiff_t>(sample * features);
  return std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(features), 0.0);
}

TEST(Distortion, IsReadAsItIsWritten) {
  const std::string text =
      "clean,gaussian-noise=0.4,salt-and-pepper=0.2,blur=2.5,contrast=0.3,occlusion=10,shift=3,"
      "rotation=30,fgsm=0.1,pgd=0.05";
  EXPECT_EQ(text_of(read_distortions(text)), text);
}

TEST(Distortion, SaysWhatItCannotRead) {
  for (const char* text : {"", "blurr=2", "blur", "blur=", "blur=-1", "blur=x", "clean=1",
                           "salt-and-pepper=1.5", "occlusion=2.5", "blur=1,blur=1", "blur=1,"}) {
    EXPECT_THROW(read_distortions(text), ParameterError) << text;
  }
}

TEST(Distortion, WeightsAreReadWhereSeveralJudgeTogether) {
  const std::string text = "7*clean,blur=2,0.5*rotation=25";
  const std::vector<Distortion> read = read_weighted_distortions(text);
  EXPECT_EQ(text_of(read), text);
  EXPECT_EQ(read[0].weight, 7);
  EXPECT_EQ(read[1].weight, 1);
  EXPECT_EQ(read[2].weight, 0.5);
  try {
    read_distortions(text);
    FAIL() << "a weight where each is measured by itself";
  } catch (const ParameterError& error) {
    EXPECT_NE(std::string(error.what()).find("7*clean"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("weight"), std::string::npos) << error.what();
  }
}

TEST(Distortion, SaysWhichWeightsCannotBe) {
  for (const char* text : {"*clean", "0*clean", "-1*clean", "x*blur=2", "nan*clean", "inf*clean",
                           "2*3*clean", "2*", "clean,7*clean", "2*blur=1,3*blur=1"}) {
    EXPECT_THROW(read_weighted_distortions(text), ParameterError) << text;
  }
}

TEST(Distortion, OfNoStrengthChangesNothing) {
  const Dataset data = images(Layout::channels_first);
  for (const char* text : {"clean", "gaussian-noise=0", "salt-and-pepper=0", "blur=0", "contrast=1",
                           "occlusion=0", "shift=0", "rotation=0"}) {
    const Dataset same = distort(data, read_distortions(text)[0], 1);
    for (std::size_t i = 0; i < data.images.size(); ++i) {
      EXPECT_NEAR(same.images[i], data.images[i], 1e-6) << text;
    }
    EXPECT_EQ(same.labels, data.labels);
  }
}

TEST(Distortion, KeepsPixelsInTheirRangeAndDrawsForEachImage) {
  const Dataset data = images(Layout::channels_last);
  for (const char* text : {"gaussian-noise=0.8", "salt-and-pepper=0.5", "blur=2", "contrast=5",
                           "occlusion=2", "shift=1", "rotation=40"}) {
    const Distortion distortion = read_distortions(text)[0];
    const Dataset once = distort(data, distortion, 1);
    EXPECT_NE(once.images, data.images) << text;
    EXPECT_EQ(once.images, distort(data, distortion, 1).images) << text;
    for (const float pixel : once.images) EXPECT_TRUE(pixel >= 0 && pixel <= 1) << text;
    if (distortion.kind == DistortionKind::blur || distortion.kind == DistortionKind::contrast) {
      continue;  // nothing is drawn
    }
    bool differs = false;  // the first two images are the same
    for (std::uint64_t seed = 1; seed < 20 && !differs; ++seed) {
      const Dataset seen = distort(data, distortion, seed);
      const auto middle = seen.images.begin() + static_cast<std::ptrdiff_t>(seen.images.size() / 4);
      differs = !std::equal(seen.images.begin(), middle, middle);
    }
    EXPECT_TRUE(differs) << text;
  }
}

TEST(Distortion, DoesNotMixChannels) {
  for (const Layout layout : {Layout::channels_first, Layout::channels_last}) {
    Dataset data = images(layout);
    const std::size_t features = data.shape.features();
    // One channel is all there is.
    for (std::size_t i = 0; i < features; ++i) {
      const std::size_t channel = layout == Layout::channels_first ? i / (features / 3) : i % 3;
      data.images[i] = channel == 1 ? 0.5F : 0.0F;
    }
    for (const char* text : {"blur=1.5", "contrast=0.2", "shift=1", "rotation=20", "occlusion=3"}) {
      const Dataset seen = distort(data, read_distortions(text)[0], 3);
      for (std::size_t i = 0; i < features; ++i) {
        if (data.images[i] > 0) continue;
        EXPECT_EQ(seen.images[i], 0) << text;
      }
    }
  }
}

TEST(Distortion, ABlurKeepsLightThatDoesNotReachTheEdge) {
  Dataset data{.name = "dot",
               .shape = {.rows = 21, .columns = 21, .channels = 1},
               .classes = 1,
               .images = std::vector<float>(21 * 21, 0.0F),
               .labels = {0}};
  data.images[10 * 21 + 10] = 1;
  const Dataset seen = distort(data, {.kind = DistortionKind::blur, .strength = 1.5}, 1);
  EXPECT_NEAR(total(seen, 0), 1, 1e-5);
  EXPECT_NEAR(seen.images[10 * 21 + 9], seen.images[9 * 21 + 10], 1e-7);
  // exp(-1 / (2 1.5^2)) of the middle, one pixel away.
  EXPECT_NEAR(seen.images[10 * 21 + 9] / seen.images[10 * 21 + 10], std::exp(-1 / 4.5), 1e-5);
}

TEST(Distortion, UndoesNormalizationFirst) {
  const Dataset plain = images(Layout::channels_first);
  Dataset normalized = plain;
  const Normalization by{.means = {0.3, 0.4, 0.5}, .deviations = {0.2, 0.5, 2}};
  normalize(normalized, by);
  for (const char* text : {"gaussian-noise=0.3", "contrast=0.2", "occlusion=3"}) {
    const Distortion distortion = read_distortions(text)[0];
    Dataset expected = distort(plain, distortion, 4);
    normalize(expected, by);
    const Dataset seen = distort(normalized, distortion, 4);
    EXPECT_EQ(seen.normalization, by);
    for (std::size_t i = 0; i < seen.images.size(); ++i) {
      EXPECT_NEAR(seen.images[i], expected.images[i], 1e-5) << text;
    }
  }
}

TEST(Distortion, IsOfPixelsAndImages) {
  Dataset table{.name = "table",
                .shape = {.rows = 1, .columns = 4, .channels = 1},
                .classes = 1,
                .images = {0.1F, 0.2F, 0.3F, 0.4F},
                .labels = {0}};
  EXPECT_NO_THROW(distort(table, {.kind = DistortionKind::gaussian_noise, .strength = 0.1}, 1));
  EXPECT_THROW(distort(table, {.kind = DistortionKind::blur, .strength = 1}, 1), InputError);
  EXPECT_THROW(check_distortions(table, read_distortions("clean,rotation=3")), InputError);
  EXPECT_THROW(distort(table, {.kind = DistortionKind::fgsm, .strength = 0.1}, 1), InputError);
  table.images[0] = -2;
  EXPECT_THROW(distort(table, {.kind = DistortionKind::gaussian_noise, .strength = 0.1}, 1),
               InputError);
  EXPECT_THROW(check_distortions(table, read_distortions("fgsm=0.1")), InputError);
  EXPECT_NO_THROW(check_distortions(table, read_distortions("clean")));
}

}  // namespace
}  // namespace hypnos

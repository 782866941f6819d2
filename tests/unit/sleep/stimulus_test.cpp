#include "hypnos/stimulus.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

SleepParameters parameters(double max_rate, std::size_t patch) {
  SleepParameters p;
  p.max_rate = max_rate;
  p.patch = patch;
  return p;
}

TEST(NoisePatches, SpikesLieInOneSquarePatch) {
  const std::vector<float> mean(28 * 28, 1.0F);
  const Stimulus stimulus =
      noise_patches(mean, {.rows = 28, .columns = 28}, parameters(500, 11), 1);  // probability 1
  std::vector<std::uint32_t> active;
  std::vector<int> corner_seen(18, 0);
  for (std::uint64_t step = 0; step < 2000; ++step) {
    stimulus(step, active);
    ASSERT_EQ(active.size(), 121U);
    const std::uint32_t top = active.front() / 28;
    const std::uint32_t left = active.front() % 28;
    ASSERT_LE(top, 17U);
    ASSERT_LE(left, 17U);
    for (std::size_t k = 0; k < active.size(); ++k) {
      ASSERT_EQ(active[k], (top + k / 11) * 28 + left + k % 11);
    }
    ++corner_seen[top];
  }
  for (const int count : corner_seen) EXPECT_GT(count, 0) << "each place from 0 to 17 occurs";
}

TEST(NoisePatches, RateIsProportionalToTheMeanImage) {
  const std::vector<float> mean = {0.0F, 0.25F, 0.5F, 5.0F};
  const Stimulus stimulus = noise_patches(mean, {.rows = 1, .columns = 4}, parameters(200, 0), 2);
  std::vector<double> counts(4, 0);
  std::vector<std::uint32_t> active;
  constexpr int steps = 20000;
  for (std::uint64_t step = 0; step < steps; ++step) {
    stimulus(step, active);
    for (const std::uint32_t unit : active) ++counts[unit];
  }
  const std::vector<double> expected = {0, 0.1, 0.2, 1};  // min(1, 2 * 0.001 s * 200 Hz * mean)
  for (std::size_t j = 0; j < 4; ++j) {
    const double p = expected[j];
    EXPECT_NEAR(counts[j] / steps, p, 5 * std::sqrt(p * (1 - p) / steps)) << j;
  }
}

TEST(NoisePatches, DependOnSeedAndStepAlone) {
  const std::vector<float> mean(100, 0.5F);
  const Stimulus a = noise_patches(mean, {.rows = 10, .columns = 10}, parameters(300, 4), 3);
  const Stimulus b = noise_patches(mean, {.rows = 10, .columns = 10}, parameters(300, 4), 3);
  const Stimulus other = noise_patches(mean, {.rows = 10, .columns = 10}, parameters(300, 4), 4);
  std::vector<std::uint32_t> x;
  std::vector<std::uint32_t> y;
  a(7, x);
  b(123, y);
  b(7, y);
  EXPECT_EQ(x, y);
  other(7, y);
  EXPECT_NE(x, y);
}

TEST(NoisePatches, CoverAllChannels) {
  const std::vector<float> mean(5 * 5 * 3, 1.0F);
  for (const Layout layout : {Layout::channels_last, Layout::channels_first}) {
    const ImageShape shape = {.rows = 5, .columns = 5, .channels = 3, .layout = layout};
    std::vector<std::uint32_t> active;
    noise_patches(mean, shape, parameters(500, 3), 5)(0, active);
    EXPECT_EQ(active.size(), 27U) << "3 x 3 places in each channel";
    std::map<std::size_t, int> channels_at;  // of each place
    for (const std::uint32_t unit : active) {
      ++channels_at[layout == Layout::channels_last ? unit / 3 : unit % 25];
    }
    EXPECT_EQ(channels_at.size(), 9U);
    for (const auto& [place, channels] : channels_at) EXPECT_EQ(channels, 3) << place;
    EXPECT_TRUE(std::is_sorted(active.begin(), active.end()));
  }
}

TEST(NoisePatches, RefusePatchesThatDoNotFit) {
  const std::vector<float> mean(100, 0.5F);
  EXPECT_THROW(noise_patches(mean, {.rows = 10, .columns = 10}, parameters(300, 11), 3),
               ParameterError);
  EXPECT_THROW(noise_patches(mean, {.rows = 1, .columns = 100}, parameters(300, 11), 3),
               ParameterError);
}

TEST(GivenSpikes, AreGivenBackAndThenSilence) {
  const std::vector<std::uint8_t> spikes = {0, 1, 1, 0, 0, 0};
  const Stimulus stimulus = given_spikes(spikes, 3);
  std::vector<std::uint32_t> active;
  stimulus(0, active);
  EXPECT_EQ(active, (std::vector<std::uint32_t>{1, 2}));
  stimulus(1, active);
  EXPECT_TRUE(active.empty());
  stimulus(2, active);
  EXPECT_TRUE(active.empty());
}

}  // namespace
}  // namespace hypnos

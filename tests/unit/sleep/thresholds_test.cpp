#include "hypnos/thresholds.hpp"

#include <gtest/gtest.h>

#include "hypnos/input_gains.hpp"
#include "hypnos/sleep.hpp"
#include "support/files.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

const std::vector<std::size_t> sizes = {64, 80, 60, 10};
const std::vector<float> maxima = {0.5F, 0.4F, 0.3F};

SleepParameters parameters() {
  SleepParameters p;
  p.steps = calibration_steps;
  p.max_rate = 150;
  p.patch = 5;
  p.firing = TargetRates{{0.02, 0.01, 0.005}};
  return p;
}

Stimulus stimulus_for(const SleepParameters& p) {
  return noise_patches(std::vector<float>(64, 0.4F), {.rows = 8, .columns = 8}, p, 3);
}

TEST(FindThresholds, LayersThenFireAsOftenAsTheyShould) {
  Network network = test::random_network(sizes, -0.01F, 0.02F, 1, true);
  SleepParameters p = parameters();
  const std::vector<double> rates = std::get<TargetRates>(p.firing).values;
  for (const BiasMode bias : {BiasMode::none, BiasMode::current}) {
    for (const double inhibition : {0.0, 0.3}) {
      p.bias = bias;
      p.inhibition = inhibition;
      p.output_current = inhibition / 100;
      const SleepReport report =
          sleep(network, p, input_gains(p, network, maxima), stimulus_for(p));
      for (std::size_t l = 0; l < 3; ++l) {
        EXPECT_NEAR(report.rate(l + 1), rates[l], 0.03 * rates[l]) << l;
      }
    }
  }
}

TEST(FindThresholds, TheScaleOfTheInputDoesNotMatter) {
  const Network network = test::random_network(sizes, -0.01F, 0.02F, 2);
  SleepParameters p = parameters();
  const auto once = find_thresholds(network, p, input_gains(p, network, maxima), stimulus_for(p));
  p.input_gain = GainScale{8};
  const auto eight = find_thresholds(network, p, input_gains(p, network, maxima), stimulus_for(p));
  for (std::size_t l = 0; l < 3; ++l) {
    EXPECT_NEAR(eight[l].threshold, 8 * once[l].threshold, 1e-3 * eight[l].threshold);
  }
}

TEST(FindThresholds, RatesOfZeroAreNever) {
  Network network = test::random_network(sizes, -0.01F, 0.02F, 1);
  SleepParameters p = parameters();
  std::get<TargetRates>(p.firing).values.back() = 0;
  const SleepReport report = sleep(network, p, input_gains(p, network, maxima), stimulus_for(p));
  EXPECT_TRUE(report.silent(3));
  EXPECT_GT(report.spikes(2), 0U);
}

TEST(FindThresholds, SaysWhatCannotBeReached) {
  const Network network = test::random_network(sizes, -0.01F, 0.001F, 1);
  SleepParameters p = parameters();
  p.firing = TargetRates{{0.8, 0.01, 0}};
  const auto message = [&] {
    return test::message_of<RateError>(
        [&] { find_thresholds(network, p, input_gains(p, network, maxima), stimulus_for(p)); });
  };
  EXPECT_NE(message().find("layer 1 cannot fire 0.8 times"), std::string::npos) << message();
  p.firing = TargetRates{{0, 0.01, 0}};
  EXPECT_NE(message().find("layer 2 cannot fire 0.01 times per unit and step; with its input it "
                           "reaches 0 at most"),
            std::string::npos)
      << message();
}

TEST(FindThresholds, FiresAsOftenAsItCanWhenThatIsNotMuchLess) {
  Network network = test::random_network(sizes, -0.01F, 0.02F, 1);
  SleepParameters p = parameters();
  p.firing = TargetRates{{0.02, 0.01, 0.9 - 1e-9}};
  const auto gains = input_gains(p, network, maxima);
  const double most = [&] {
    SleepParameters low = p;
    low.input_gain = GainScale{1};
    const auto found = find_thresholds(network, parameters(), gains, stimulus_for(p));
    low.firing = Thresholds{{found[0].threshold, found[1].threshold, 1e-9}};
    Network copy = network;
    return sleep(copy, low, gains, stimulus_for(p)).rate(3);
  }();
  ASSERT_GT(most, 0);
  p.firing = TargetRates{{0.02, 0.01, 1.5 * most}};
  const SleepReport report = sleep(network, p, gains, stimulus_for(p));
  EXPECT_NEAR(report.rate(3), most, 0.03 * most);
  EXPECT_NEAR(report.calibrated_rates.back(), most, 0.03 * most);
  p.firing = TargetRates{{0.02, 0.01, 2.5 * most}};
  EXPECT_THROW(find_thresholds(network, p, gains, stimulus_for(p)), RateError);
}

TEST(FindThresholds, ParametersTakeEitherThresholdsOrRates) {
  SleepParameters p = parameters();
  EXPECT_NO_THROW(validate(p, 3));
  p.firing = Thresholds{{1, 1, 1}};
  EXPECT_THROW(validate(p, 3), ParameterError) << "thresholds mean nothing without a gain";
  p.input_gain = GainScale{1};
  EXPECT_NO_THROW(validate(p, 3));
  p.firing = {};
  EXPECT_THROW(validate(p, 3), ParameterError);
  p.firing = TargetRates{{0.1, 0.95, 0.1}};
  EXPECT_THROW(validate(p, 3), ParameterError);
  p.firing = TargetRates{{0.1, 0.1}};
  EXPECT_THROW(validate(p, 3), ParameterError);
}

}  // namespace
}  // namespace hypnos

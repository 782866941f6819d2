#include "hypnos/sleep.hpp"

#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "hypnos/input_gains.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

using Counts = std::vector<std::vector<std::uint64_t>>;

// One input, one unit, hand-computable: weight 1, gain 1, threshold 2.5, no decay.
struct OneSynapse {
  Network network;
  SleepParameters parameters;
  std::vector<double> gains = {1};

  OneSynapse() {
    network.layers = {{.outputs = 1, .inputs = 1, .weights = {1}}};
    parameters.rule = Rule::hebbian;
    parameters.steps = 6;
    parameters.decay = 1;
    parameters.increment = 0.25;
    parameters.decrement = 0.5;
    parameters.firing = Thresholds{{2.5}};
    parameters.input_gain = GivenGains{gains};
  }
};

Stimulus always() {
  return [](std::uint64_t, std::vector<std::uint32_t>& active) { active = {0}; };
}

Stimulus never() {
  return [](std::uint64_t, std::vector<std::uint32_t>& active) { active.clear(); };
}

TEST(Sleep, OneSynapseByHand) {
  OneSynapse s;
  // v: 1, 2, 3 -> spike, w = 1.25; then 1.25, 2.5 -> spike, w = 1.5; then 1.5.
  const SleepReport report = sleep(s.network, s.parameters, s.gains, always());
  EXPECT_EQ(report.spike_counts, (Counts{{6}, {2}}));
  EXPECT_EQ(s.network.layers[0].weights, (std::vector<float>{1.5F}));
  EXPECT_DOUBLE_EQ(report.rate(1), 2.0 / 6);
}

TEST(Sleep, ADoseIsAPartOfTheWay) {
  OneSynapse s;
  s.parameters.dose = 0.5;
  std::vector<float> shown;
  const SleepObserver observer = {.checkpoint =
                                      [&](std::uint64_t, const Network& network) {
                                        shown.push_back(network.layers[0].weights[0]);
                                        return true;
                                      },
                                  .checkpoints = {3, 6}};
  // The spikes are those of the whole way: 1, 1.25, 1.5.
  const SleepReport report = sleep(s.network, s.parameters, s.gains, always(), observer);
  EXPECT_EQ(report.spike_counts, (Counts{{6}, {2}}));
  EXPECT_EQ(shown, (std::vector<float>{1.125F, 1.25F}));
  EXPECT_EQ(s.network.layers[0].weights, (std::vector<float>{1.25F}));

  OneSynapse twice;
  twice.parameters.dose = 2;
  sleep(twice.network, twice.parameters, twice.gains, always());
  EXPECT_EQ(twice.network.layers[0].weights, (std::vector<float>{2}));
  twice.parameters.dose = 0;
  EXPECT_THROW(validate(twice.parameters, 1), ParameterError);
}

TEST(Sleep, OutputCurrentDrivesAndSilentInputsAreWeakened) {
  OneSynapse s;
  s.parameters.output_current = 1.25;
  // A spike every second step, three in all; the input never spikes.
  const SleepReport report = sleep(s.network, s.parameters, s.gains, never());
  EXPECT_EQ(report.spike_counts, (Counts{{0}, {3}}));
  EXPECT_EQ(s.network.layers[0].weights, (std::vector<float>{-0.5F}));
}

TEST(Sleep, BiasesInjectACurrentInProportionToTheRateBelow) {
  OneSynapse s;
  s.parameters.decrement = s.parameters.increment = 0;
  s.network.layers[0].weights = {0};
  s.network.layers[0].biases = {1.25};
  EXPECT_EQ(sleep(s.network, s.parameters, s.gains, always()).spikes(1), 0U)
      << "biases do nothing by default";
  s.parameters.bias = BiasMode::current;
  EXPECT_EQ(sleep(s.network, s.parameters, s.gains, always()).spikes(1), 3U)
      << "rate 1: 1.25 a step";
  const Stimulus every_other = [](std::uint64_t step, std::vector<std::uint32_t>& active) {
    active.assign(step % 2 == 0 ? 1 : 0, 0);
  };
  // Rates 1, 1/2, 2/3, 1/2, 3/5, 1/2: v = 1.25, 1.875, 2.71 -> spike, .625, 1.375, 2.
  EXPECT_EQ(sleep(s.network, s.parameters, s.gains, every_other).spikes(1), 1U);
  EXPECT_EQ(s.network.layers[0].biases, (std::vector<float>{1.25})) << "biases stay as they are";
}

TEST(Sleep, InhibitionSubtractsTheMeanInput) {
  OneSynapse s;
  s.network.layers[0] = {.outputs = 2, .inputs = 1, .weights = {3, 1}};
  s.parameters.increment = s.parameters.decrement = 0;
  s.parameters.inhibition = 0.5;
  // Inputs 3 and 1, mean 2: v grows by 2 and 0.
  const SleepReport report = sleep(s.network, s.parameters, s.gains, always());
  EXPECT_EQ(report.spikes(1), 3U);
}

TEST(Sleep, ReportsSilenceAndSaturation) {
  OneSynapse s;
  s.parameters.firing = Thresholds{{100}};
  SleepReport report = sleep(s.network, s.parameters, s.gains, always());
  EXPECT_TRUE(report.silent(1));
  EXPECT_TRUE(report.saturated(0));
  s.parameters.firing = Thresholds{{0.5}};
  report = sleep(s.network, s.parameters, s.gains, always());
  EXPECT_FALSE(report.silent(1));
  EXPECT_TRUE(report.saturated(1));
}

TEST(Sleep, StopsWhenAsked) {
  OneSynapse s;
  s.parameters.steps = 1'000'000'000;
  int told = 0;
  const Progress progress([&](double part, std::string_view note) {
    EXPECT_GE(part, 0);
    EXPECT_TRUE(note.starts_with("step ")) << note;
    return ++told < 3;
  });
  try {
    sleep(s.network, s.parameters, s.gains, always(), {}, progress);
    FAIL() << "the sleep was not stopped";
  } catch (const SleepStopped& stopped) {
    const SleepReport& so_far = stopped.so_far;
    EXPECT_EQ(so_far.end, SleepEnd::cut_short);
    EXPECT_GT(so_far.steps, 0U);
    EXPECT_LT(so_far.steps, s.parameters.steps);
    EXPECT_EQ(so_far.spikes(0), so_far.steps);
    // The network is that of a sleep of so many steps.
    OneSynapse shorter;
    shorter.parameters.steps = so_far.steps;
    sleep(shorter.network, shorter.parameters, shorter.gains, always());
    EXPECT_EQ(s.network.layers[0].weights, shorter.network.layers[0].weights);
  }
  EXPECT_EQ(told, 3);
}

TEST(Sleep, MayBeDroppedWhenItIsStopped) {
  OneSynapse s;
  s.parameters.steps = 1'000'000'000;
  int told = 0;
  const Progress progress([&](double, std::string_view) { return ++told < 3; });
  try {
    sleep(s.network, s.parameters, s.gains, always(), {.drop_when_stopped = true}, progress);
    FAIL() << "the sleep was not stopped";
  } catch (const SleepStopped& stopped) {
    EXPECT_GT(stopped.so_far.steps, 0U);
  }
  // Nothing was brought up to date.
  EXPECT_EQ(s.network.layers[0].weights, OneSynapse().network.layers[0].weights);
}

TEST(Sleep, StopsWhileThresholdsAreFound) {
  OneSynapse s;
  s.parameters.firing = TargetRates{{0.01}};
  const Progress progress([](double part, std::string_view) { return part < 0.1; });
  try {
    sleep(s.network, s.parameters, s.gains, always(), {}, progress);
    FAIL() << "the sleep was not stopped";
  } catch (const SleepStopped& stopped) {
    EXPECT_EQ(stopped.so_far.steps, 0U);
    EXPECT_EQ(stopped.so_far.spikes(1), 0U);
  }
  EXPECT_EQ(s.network.layers[0].weights, (std::vector<float>{1}));
}

TEST(Sleep, AnObserverEndsItAtACheckpoint) {
  OneSynapse s;
  const SleepReport report = sleep(
      s.network, s.parameters, s.gains, always(),
      {.checkpoint = [](std::uint64_t, const Network&) { return false; }, .checkpoints = {3}});
  EXPECT_EQ(report.end, SleepEnd::cut_short);
  EXPECT_EQ(report.steps, 3U);
}

TEST(Sleep, CheckpointsShowTheNetworkThatAShorterSleepWouldGive) {
  const std::size_t sizes[] = {30, 20, 10, 4};
  const Network before = test::random_network(sizes, -0.01F, 0.02F, 1);
  SleepParameters p;
  p.steps = 60;
  p.increment = 0.001;
  p.decrement = 0.0005;
  const std::vector<double> gains = {10, 10, 10};
  p.input_gain = GivenGains{gains};
  p.firing = Thresholds{{0.5, 0.5, 0.5}};
  p.max_rate = 100;
  p.patch = 0;
  const std::vector<float> mean(30, 1.0F);
  const Stimulus stimulus = noise_patches(mean, {.rows = 5, .columns = 6}, p, 1);
  Network watched = before;
  std::vector<std::uint64_t> seen;
  SleepObserver observer;
  observer.checkpoints = {20, 40, 60, 80, 100};
  observer.checkpoint = [&](std::uint64_t steps, const Network& network) {
    seen.push_back(steps);
    SleepParameters shorter = p;
    shorter.steps = steps;
    Network alone = before;
    sleep(alone, shorter, gains, stimulus);
    for (std::size_t l = 0; l < 3; ++l)
      EXPECT_EQ(network.layers[l].weights, alone.layers[l].weights);
    return true;
  };
  std::uint64_t spikes_seen = 0;
  observer.spikes = [&](std::uint64_t, std::size_t, std::span<const std::uint32_t> units) {
    spikes_seen += units.size();
  };
  std::size_t states = 0;
  observer.state_steps = 7;
  observer.state = [&](std::uint64_t, const LayerState& state) {
    ++states;
    for (const float v : state.membrane) EXPECT_LT(v, 0.5F);
  };
  const SleepReport report = sleep(watched, p, gains, stimulus, observer);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{20, 40, 60}));
  EXPECT_EQ(states, 8U * 3);
  EXPECT_EQ(spikes_seen, report.spikes(0) + report.spikes(1) + report.spikes(2) + report.spikes(3));
  EXPECT_GT(report.spikes(3), 0U);
  Network unwatched = before;
  sleep(unwatched, p, gains, stimulus);
  EXPECT_EQ(watched.layers[0].weights, unwatched.layers[0].weights);
}

TEST(Sleep, GivesUpOnLayersThatNeverOrAlwaysFire) {
  const std::size_t sizes[] = {1, 3, 2};
  const Network network = test::random_network(sizes, 1, 1.0001F, 1);
  SleepParameters p;
  p.steps = 1000;
  const std::vector<double> gains = {1, 1};
  p.input_gain = GivenGains{gains};
  p.firing = Thresholds{{100, 1}};
  p.decay = 0.5;
  Network copy = network;
  SleepReport report = sleep(copy, p, gains, always(), {.hopeless_steps = 50});
  EXPECT_EQ(report.end, SleepEnd::silent);
  EXPECT_EQ(report.steps, 50U);
  p.firing = Thresholds{{0.5, 1}};
  copy = network;
  report = sleep(copy, p, gains, always(), {.hopeless_steps = 50});
  EXPECT_EQ(report.end, SleepEnd::saturated);
  EXPECT_EQ(report.steps, 50U);
  copy = network;
  EXPECT_EQ(sleep(copy, p, gains, always()).end, SleepEnd::complete);
}

TEST(Sleep, RefusesBadParametersBeforeChangingAnything) {
  OneSynapse s;
  s.parameters.firing = Thresholds{{1, 2}};
  EXPECT_THROW(sleep(s.network, s.parameters, s.gains, always()), ParameterError);
  EXPECT_EQ(s.network.layers[0].weights, (std::vector<float>{1}));
}

TEST(ScaleFactors, RefuseANetworkWithoutScale) {
  OneSynapse s;
  s.network.layers[0].weights = {-1};
  EXPECT_THROW(scale_factors(s.network, std::vector<float>{0}), InputError);
}

}  // namespace
}  // namespace hypnos

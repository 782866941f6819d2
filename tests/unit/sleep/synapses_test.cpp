// Sleeps in which units fire so often that spikes are counted, against the dense oracle.

#include "sleep/synapses.hpp"

#include <gtest/gtest.h>

#include <random>

#include "hypnos/sleep.hpp"
#include "reference/dense_sleep.hpp"
#include "sleep/missed_spikes.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

struct Firing {
  double input;
  double threshold;
  std::uint64_t steps;
};

void expect_the_oracles_sleep(const Firing& firing, const SleepParameters& plasticity) {
  const std::vector<std::size_t> sizes = {560, 40, 5};
  const Network before = test::random_network(sizes, -0.01F, 0.03F, 1);
  SleepParameters parameters = plasticity;
  parameters.steps = firing.steps;
  parameters.firing = Thresholds{{firing.threshold, firing.threshold / 10}};
  const std::vector<double> gains = {1, 1};
  parameters.input_gain = GivenGains{gains};
  std::mt19937 engine(2);
  std::bernoulli_distribution spike(firing.input);
  std::vector<std::uint8_t> spikes(firing.steps * sizes[0]);
  // The second half has few spikes, so that the form changes again.
  for (std::size_t k = 0; k < spikes.size(); ++k) {
    const bool rare = k > spikes.size() / 2 && k / sizes[0] % 50 != 0;
    spikes[k] = !rare && spike(engine) ? 1 : 0;
  }
  const Stimulus stimulus = given_spikes(spikes, sizes[0]);
  Network slept = before;
  Network expected = before;
  const SleepReport report = sleep(slept, parameters, gains, stimulus);
  EXPECT_EQ(report.spike_counts, test::dense_sleep(expected, parameters, gains, stimulus));
  for (std::size_t l = 0; l < 2; ++l) {
    EXPECT_EQ(slept.layers[l].weights, expected.layers[l].weights) << l;
  }
  EXPECT_NE(slept.layers[0].weights, before.layers[0].weights);
}

TEST(Synapses, AreTheOraclesWhereManyUnitsFire) {
  SleepParameters p;
  for (const Rule rule : {Rule::tadros2022, Rule::sigmoid, Rule::hebbian}) {
    p.rule = rule;
    p.increment = 1e-5;
    p.decrement = 2e-6;
    expect_the_oracles_sleep({.input = 0.05, .threshold = 2, .steps = 600}, p);
    // All units at every step: a count reaches its highest number.
    expect_the_oracles_sleep({.input = 0.5, .threshold = 0.01, .steps = 1200}, p);
  }
}

TEST(Synapses, CanBeWeakenedAloneOrStrengthenedAlone) {
  SleepParameters p;
  p.increment = 0;
  p.decrement = 1e-5;
  expect_the_oracles_sleep({.input = 0.1, .threshold = 2, .steps = 300}, p);
  p.increment = 1e-5;
  p.decrement = 0;
  expect_the_oracles_sleep({.input = 0.1, .threshold = 2, .steps = 300}, p);
}

TEST(SpikeCounts, HaveRoomUntilAUnitCannotBeCountedOrAllMomentsAreTaken) {
  std::vector<std::uint8_t> memory;
  const std::vector<std::uint32_t> fired = {3};
  SpikeCounts counts(16, 300, memory);
  counts.clear();
  for (int k = 0; k < 255; ++k) {
    ASSERT_TRUE(counts.has_room());
    counts.add(fired);
  }
  EXPECT_FALSE(counts.has_room());
  counts.clear();
  EXPECT_EQ(counts.now(), 0U);
  const std::vector<std::uint32_t> others = {4, 5};
  for (std::uint32_t k = 0; k < 299; ++k) {
    ASSERT_TRUE(counts.has_room());
    counts.add(k % 2 == 0 ? fired : others);
  }
  EXPECT_FALSE(counts.has_room());
}

TEST(SpikeCounts, DoWhatALogDoes) {
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint32_t> entries;
  std::vector<std::uint32_t> previous;
  SpikeCounts counts(32, 100, bytes);
  SpikeLog log(32, 1000, entries, previous);
  counts.clear();
  std::mt19937 engine(3);
  std::uint32_t seen = 0;
  for (int step = 0; step < 50; ++step) {
    std::vector<std::uint32_t> fired;
    for (std::uint32_t u = 0; u < 32; ++u) {
      if (engine() % 3 == 0) fired.push_back(u);
    }
    if (step == 20) seen = log.now();
    counts.add(fired);
    log.add(fired);
  }
  const kernels::Plasticity plasticity = {.rule = Rule::tadros2022,
                                          .increment = 0.01F,
                                          .decrement = 0.001F,
                                          .frozen = std::numeric_limits<float>::infinity()};
  AlignedFloats a(32 + kernels::padding);
  AlignedFloats b(32 + kernels::padding);
  std::normal_distribution<float> weight(0, 0.01F);
  for (std::size_t u = 0; u < 32; ++u) a.data()[u] = b.data()[u] = weight(engine);
  log.catch_up(a.data(), seen, plasticity);
  counts.catch_up(b.data(), 20, false, plasticity);
  for (std::size_t u = 0; u < 32; ++u) EXPECT_EQ(a.data()[u], b.data()[u]) << u;
}

}  // namespace
}  // namespace hypnos

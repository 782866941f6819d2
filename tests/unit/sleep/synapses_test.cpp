#include "sleep/synapses.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <utility>

#include "sleep/missed_spikes.hpp"
#include "sleep/plasticity.hpp"
#include "support/networks.hpp"

namespace hypnos {
namespace {

// One layer whose units fire as the test says, beside the same by the definition.
class Bench {
 public:
  static constexpr std::size_t inputs = 60;
  static constexpr std::size_t outputs = 40;

  explicit Bench(const SleepParameters& parameters, SynapseMemory& memory)
      : parameters_(parameters),
        layer_(test::random_network(std::vector<std::size_t>{inputs, outputs}, -0.01F, 0.03F, 1)
                   .layers[0]),
        expected_(layer_.weights),
        synapses_(layer_, parameters, memory) {}

  /// Does steps in which so large a part of the units fire.
  void run(int steps, double input, double output) {
    for (int step = 0; step < steps; ++step) {
      const auto active = draw(inputs, input);
      auto fired = draw(outputs, output);
      const float* sum = synapses_.read(active);
      for (std::size_t i = 0; i < outputs; ++i) {
        float by_hand = 0;
        for (const std::uint32_t j : active) by_hand += expected_[i * inputs + j];
        ASSERT_EQ(sum[i], by_hand);
      }
      learn(fired, active);
      const std::size_t count = fired.size();
      fired.resize(count + kernels::padding);
      synapses_.learn(std::span(fired).first(count), active);
    }
  }

  void expect_settled() {
    synapses_.settle();
    ASSERT_EQ(layer_.weights, expected_);
  }

  bool counting() const { return synapses_.counting(); }

 private:
  std::vector<std::uint32_t> draw(std::size_t units, double part) {
    std::bernoulli_distribution fires(part);
    std::vector<std::uint32_t> drawn;
    for (std::uint32_t u = 0; u < units; ++u) {
      if (fires(engine_)) drawn.push_back(u);
    }
    return drawn;
  }

  void learn(const std::vector<std::uint32_t>& fired, const std::vector<std::uint32_t>& active) {
    const auto increment = static_cast<float>(parameters_.increment);
    const auto decrement = static_cast<float>(parameters_.decrement);
    std::vector<bool> is_active(inputs);
    for (const std::uint32_t j : active) is_active[j] = true;
    for (const std::uint32_t i : fired) {
      for (std::size_t j = 0; j < inputs; ++j) {
        float& w = expected_[i * inputs + j];
        w += (is_active[j] ? increment : -decrement) * phi_of(w);
      }
    }
  }

  float phi_of(float w) const {
    switch (parameters_.rule) {
      case Rule::tadros2022:
        return phi<Rule::tadros2022>(w);
      case Rule::sigmoid:
        return phi<Rule::sigmoid>(w);
      case Rule::hebbian:
        break;
    }
    return phi<Rule::hebbian>(w);
  }

  SleepParameters parameters_;
  Layer layer_;
  std::vector<float> expected_;
  Synapses synapses_;
  std::mt19937 engine_{1};
};

SleepParameters plasticity(double increment, double decrement, Rule rule = Rule::tadros2022) {
  SleepParameters p;
  p.rule = rule;
  p.increment = increment;
  p.decrement = decrement;
  return p;
}

TEST(Synapses, CountSpikesWhereMostUnitsFireBetweenReadingsAndListThemWhereFewDo) {
  for (const Rule rule : {Rule::tadros2022, Rule::sigmoid, Rule::hebbian}) {
    SynapseMemory memory;
    Bench bench(plasticity(1e-4, 2e-5, rule), memory);
    EXPECT_FALSE(bench.counting());
    bench.run(200, 0.1, 0.2);
    EXPECT_TRUE(bench.counting());
    bench.run(2000, 0.5, 0.01);
    EXPECT_FALSE(bench.counting());
    bench.run(200, 0.1, 0.2);
    EXPECT_TRUE(bench.counting());
    bench.expect_settled();
  }
}

TEST(Synapses, AreRightWhereUnitsFireAtEveryStep) {
  SynapseMemory memory;
  Bench bench(plasticity(1e-5, 1e-6), memory);
  bench.run(600, 0.02, 1);
  EXPECT_TRUE(bench.counting());
  bench.expect_settled();
}

TEST(Synapses, CanBeWeakenedAloneOrStrengthenedAlone) {
  for (const auto& [increment, decrement] : {std::pair(0.0, 1e-5), std::pair(1e-5, 0.0)}) {
    SynapseMemory memory;
    Bench bench(plasticity(increment, decrement), memory);
    bench.run(300, 0.1, 0.2);
    EXPECT_EQ(bench.counting(), decrement != 0) << "there is nothing to catch up with otherwise";
    bench.expect_settled();
  }
}

TEST(Synapses, CanBeSettledAtAnyStep) {
  SynapseMemory memory;
  Bench bench(plasticity(1e-4, 2e-5), memory);
  for (int k = 0; k < 60; ++k) {
    bench.run(7, 0.1, 0.2);
    bench.expect_settled();
  }
  EXPECT_TRUE(bench.counting());
}

TEST(Synapses, UseTheMemoryOfOthers) {
  SynapseMemory memory;
  for (int k = 0; k < 3; ++k) {
    Bench bench(plasticity(1e-4, 2e-5), memory);
    bench.run(150 + 31 * k, 0.1, 0.2);
    bench.expect_settled();
  }
}

TEST(SpikeCounts, HaveRoomUntilAUnitCannotBeCountedOrAllMomentsAreTaken) {
  std::vector<std::uint8_t> memory;
  const std::vector<std::uint32_t> fired = {3};
  SpikeCounts counts(16, 300, memory);
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

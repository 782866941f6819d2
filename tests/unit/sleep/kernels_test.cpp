#include "sleep/kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "base/aligned.hpp"
#include "base/random.hpp"
#include "hypnos/sleep.hpp"
#include "sleep/plasticity.hpp"
#include "support/golden.hpp"
#include "support/vector_targets.hpp"

namespace hypnos {
namespace {

using kernels::padded;
using kernels::padding;

using KernelTest = test::VectorTargetTest;
INSTANTIATE_TEST_SUITE_P(Targets, KernelTest, test::vector_targets(), test::target_name);

TEST(PortableExp, IsTheExponentialFunction) {
  for (double x = -86; x < 87; x += 0.0137) {
    const auto argument = static_cast<float>(x);
    const double exact = std::exp(double{argument});
    ASSERT_NEAR(double{portable_exp(argument)} / exact, 1, 2e-7) << x;
  }
  EXPECT_EQ(portable_exp(0.0F), 1.0F);
  EXPECT_LT(portable_exp(-1e30F), 1e-37F);
  EXPECT_GT(portable_exp(1e30F), 1e38F);
}

TEST(Phi, HasTheLimitsOfItsRule) {
  EXPECT_EQ(phi<Rule::tadros2022>(0), 1);
  EXPECT_EQ(phi<Rule::tadros2022>(-0.1F), 2);
  EXPECT_LT(phi<Rule::tadros2022>(0.1F), 1e-37F);
  EXPECT_NEAR(phi<Rule::tadros2022>(0.001F), 2 / (1 + std::exp(1.0)), 1e-6);
  EXPECT_EQ(phi<Rule::sigmoid>(0), 0.5);
  EXPECT_EQ(phi<Rule::hebbian>(3), 1);
}

template <Rule rule>
void expect_changes_as_defined() {
  std::mt19937 engine(1);
  std::normal_distribution<float> weight(0, 0.02F);
  constexpr std::size_t units = 100;
  AlignedFloats column(padded(units) + padding);
  std::vector<float> expected(units);
  for (std::size_t i = 0; i < units; ++i) expected[i] = column.data()[i] = weight(engine);
  // A log in which units recur, some at once.
  std::uniform_int_distribution<std::uint32_t> unit(0, units - 1);
  constexpr std::uint32_t seen = 7;  // the log went on before
  std::vector<std::uint32_t> log(1000 + padding);
  std::vector<std::uint32_t> previous(log.size());
  std::vector<std::uint32_t> last(units, 3);
  for (std::uint32_t k = 0; k < 1000; ++k) {
    log[k] = k % 50 < 3 ? 5 : unit(engine);
    previous[k] = last[log[k]];
    last[log[k]] = seen + k + 1;
    expected[log[k]] += -0.003F * phi<rule>(expected[log[k]]);
  }
  kernels::replay_changes(rule, column.data(), std::span(log).first(1000),
                          std::span(previous).first(1000), seen, -0.003F,
                          static_cast<std::uint32_t>(padded(units)));
  for (std::size_t i = 0; i < units; ++i) ASSERT_EQ(column.data()[i], expected[i]) << i;

  const std::vector<std::uint32_t> some = {0,  1,  2,  3,  5,  7,  11, 13, 17,
                                           19, 23, 29, 31, 37, 41, 43, 47, 99};
  std::vector<std::uint32_t> readable = some;
  readable.resize(some.size() + padding);
  for (const std::uint32_t u : some) expected[u] += 0.01F * phi<rule>(expected[u]);
  kernels::change_synapses(rule, column.data(), std::span(readable).first(some.size()), 0.01F,
                           static_cast<std::uint32_t>(padded(units)));
  for (std::size_t i = 0; i < units; ++i) ASSERT_EQ(column.data()[i], expected[i]) << i;
}

TEST_P(KernelTest, ChangesAreTheDefinedOnesToTheBit) {
  expect_changes_as_defined<Rule::tadros2022>();
  expect_changes_as_defined<Rule::sigmoid>();
  expect_changes_as_defined<Rule::hebbian>();
}

// Many units, so that they take more than one block, spike up to 4 times, and the first time may
// strengthen.
template <Rule rule>
void expect_repeated_changes_as_defined() {
  std::mt19937 engine(4);
  std::normal_distribution<float> weight(0, 0.02F);
  std::poisson_distribution<int> spikes(1);
  constexpr std::size_t units = 4500;
  const kernels::Plasticity plasticity = {
      .rule = rule, .increment = 2e-4F, .decrement = 1e-4F, .frozen = frozen_from(rule, 2e-4F)};
  AlignedFloats column(padded(units) + padding);
  std::vector<float> expected(units);
  std::vector<std::uint8_t> before(padded(units), 254);  // the counts go through 0
  std::vector<std::uint8_t> then = before;
  for (std::size_t i = 0; i < units; ++i) {
    expected[i] = column.data()[i] = weight(engine);
    if (engine() % 4 == 0) {
      ++then[i];
      expected[i] += plasticity.increment * phi<rule>(expected[i]);
    }
  }
  std::vector<std::uint8_t> now = then;
  for (std::size_t i = 0; i < units; ++i) {
    for (int k = spikes(engine); k > 0; --k) {
      ++now[i];
      expected[i] += -plasticity.decrement * phi<rule>(expected[i]);
    }
  }
  kernels::repeat_changes(plasticity, column.data(), padded(units),
                          {before.data(), then.data(), now.data()});
  for (std::size_t i = 0; i < units; ++i) ASSERT_EQ(column.data()[i], expected[i]) << i;
}

TEST_P(KernelTest, RepeatedChangesAreTheDefinedOnesToTheBit) {
  expect_repeated_changes_as_defined<Rule::tadros2022>();
  expect_repeated_changes_as_defined<Rule::sigmoid>();
  expect_repeated_changes_as_defined<Rule::hebbian>();
}

TEST(Frozen, NoChangeIsLargeEnoughFromThereOn) {
  std::mt19937 engine(5);
  for (float amount = 1e-9F; amount < 1; amount *= 3) {
    const float frozen = frozen_from(Rule::tadros2022, amount);
    ASSERT_LT(frozen, 0.05F);
    std::uniform_real_distribution<float> exponent(0, 10);
    for (int k = 0; k < 10000; ++k) {
      const float w = frozen * std::exp2(exponent(engine));
      ASSERT_EQ(w - amount * phi<Rule::tadros2022>(w), w);
      ASSERT_EQ(w + amount * phi<Rule::tadros2022>(w), w);
    }
    // A little below it some weights change.
    bool changes = false;
    for (float w = 0.9F * frozen; w < frozen; w *= 1.001F) {
      changes = changes || w - amount * phi<Rule::tadros2022>(w) != w;
    }
    ASSERT_TRUE(changes) << amount;
  }
  EXPECT_EQ(frozen_from(Rule::hebbian, 1e-9F), std::numeric_limits<float>::infinity());
}

TEST_P(KernelTest, PhiIsTheDefinedOneToTheBitForAllKindsOfWeights) {
  constexpr std::size_t units = padding;
  AlignedFloats column(padded(units) + padding);
  std::vector<std::uint32_t> all(units + padding);
  for (std::uint32_t i = 0; i < units; ++i) all[i] = i;
  std::mt19937 engine(2);
  for (float scale = 1e-9F; scale < 1e4F; scale *= 1.5F) {
    std::uniform_real_distribution<float> weight(-scale, scale);
    std::vector<float> before(units);
    for (std::size_t i = 0; i < units; ++i) before[i] = column.data()[i] = weight(engine);
    kernels::change_synapses(Rule::tadros2022, column.data(), std::span(all).first(units), 0.5F,
                             units);
    for (std::size_t i = 0; i < units; ++i) {
      ASSERT_EQ(column.data()[i], before[i] + 0.5F * phi<Rule::tadros2022>(before[i])) << before[i];
    }
  }
}

TEST_P(KernelTest, IntegrationIsTheDefinedOneToTheBit) {
  std::mt19937 engine(3);
  std::uniform_real_distribution<float> value(-1, 1);
  constexpr std::size_t units = 77;
  AlignedFloats membrane(padded(units));
  AlignedFloats input(padded(units));
  AlignedFloats current(padded(units));
  std::vector<float> expected(units);
  for (std::size_t i = 0; i < units; ++i) {
    expected[i] = membrane.data()[i] = value(engine);
    input.data()[i] = value(engine);
    current.data()[i] = value(engine);
  }
  std::vector<std::uint32_t> fired(padded(units));
  const std::size_t count = kernels::integrate({.decay = 0.9F,
                                                .idle_steps = 3,
                                                .gain = 2.5F,
                                                .inhibition = 0.1F,
                                                .threshold = 1,
                                                .current = current.data()},
                                               units, membrane.data(), input.data(), fired.data());
  std::vector<std::uint32_t> expected_fired;
  for (std::uint32_t i = 0; i < units; ++i) {
    float v = expected[i];
    for (int s = 0; s < 3; ++s) v *= 0.9F;
    v = (0.9F * v + (2.5F * input.data()[i] - 0.1F)) + current.data()[i];
    if (v >= 1) {
      expected_fired.push_back(i);
      v = 0;
    }
    ASSERT_EQ(membrane.data()[i], v) << i;
  }
  fired.resize(count);
  EXPECT_EQ(fired, expected_fired);
  EXPECT_GT(count, 0U);
}

TEST_P(KernelTest, GoldenSleepIsReproduced) {
  const test::GoldenSleep golden = test::read_golden_sleep("sleep_sparse");
  Network network = golden.before;
  const SleepReport report = sleep(network, golden.parameters, golden.gains,
                                   given_spikes(golden.input_spikes, network.inputs()));
  EXPECT_EQ(report.spike_counts, golden.spike_counts);
}

}  // namespace
}  // namespace hypnos

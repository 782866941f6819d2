// The engine against the dense oracle, and properties of the sleep, on random networks.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>
#include <random>

#include "hypnos/sleep.hpp"
#include "hypnos/stimulus.hpp"
#include "reference/dense_sleep.hpp"
#include "support/networks.hpp"

namespace hypnos::test {
namespace {

struct Case {
  Network network;
  SleepParameters parameters;
  std::vector<double> gains;
  std::vector<double> thresholds;
  std::vector<std::uint8_t> spikes;
  Stimulus stimulus() const { return given_spikes(spikes, network.inputs()); }
};

double between(double low, double high) {
  return low + (high - low) * (*rc::gen::inRange(0, 10001)) / 10000.0;
}

double log_between(double low, double high) {
  return std::exp(between(std::log(low), std::log(high)));
}

// Networks of 1 to 4 layers of 1 to 40 units, from silent to firing at every step.
Case any_case() {
  const auto seed = *rc::gen::arbitrary<std::uint32_t>();
  std::vector<std::size_t> sizes(static_cast<std::size_t>(*rc::gen::inRange(2, 6)));
  for (std::size_t& size : sizes) size = static_cast<std::size_t>(*rc::gen::inRange(1, 41));
  const auto low = static_cast<float>(-log_between(0.001, 1));
  const auto high = static_cast<float>(log_between(0.001, 1));
  Case c;
  const bool biases = *rc::gen::arbitrary<bool>();
  c.network = random_network(sizes, low, high, seed, biases);
  SleepParameters& p = c.parameters;
  p.rule = *rc::gen::element(Rule::tadros2022, Rule::sigmoid, Rule::hebbian);
  p.steps = static_cast<std::uint64_t>(*rc::gen::inRange(1, 150));
  p.decay = *rc::gen::element(0.0, 0.5, 0.9, 0.999, 1.0);
  p.increment = *rc::gen::element(0.0, 1.0) * log_between(1e-5, 0.1);
  p.decrement = *rc::gen::element(0.0, 1.0, 1.0) * log_between(1e-6, 0.1);
  p.bias = biases ? *rc::gen::element(BiasMode::none, BiasMode::current) : BiasMode::none;
  p.inhibition = *rc::gen::element(0.0, 0.0, 0.5);
  p.output_current = *rc::gen::element(0.0, 0.0, 0.1);
  for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
    c.gains.push_back(log_between(0.1, 100));
    c.thresholds.push_back(log_between(0.1, 20));
  }
  p.input_gain = GivenGains{c.gains};
  p.firing = Thresholds{c.thresholds};
  const double rate = *rc::gen::element(0.005, 0.05, 0.3, 1.0);
  std::mt19937_64 engine(seed + 1);
  std::bernoulli_distribution spike(rate);
  c.spikes.resize(p.steps * sizes[0]);
  for (std::uint8_t& s : c.spikes) s = spike(engine) ? 1 : 0;
  return c;
}

void expect_equal(const Network& a, const Network& b) {
  for (std::size_t l = 0; l < a.layers.size(); ++l)
    RC_ASSERT(a.layers[l].weights == b.layers[l].weights);
}

RC_GTEST_PROP(SleepProperty, EqualsTheDenseOracleToTheBit, ()) {
  const Case c = any_case();
  Network slept = c.network;
  Network dense = c.network;
  const SleepReport report = sleep(slept, c.parameters, c.gains, c.stimulus());
  const auto counts = dense_sleep(dense, c.parameters, c.gains, c.stimulus());
  RC_CLASSIFY(report.spikes(c.network.layers.size()) > 0, "output fires");
  RC_ASSERT(report.spike_counts == counts);
  expect_equal(slept, dense);
}

RC_GTEST_PROP(SleepProperty, SilenceChangesNothing, ()) {
  Case c = any_case();
  c.parameters.output_current = 0;
  std::fill(c.spikes.begin(), c.spikes.end(), std::uint8_t{0});
  Network slept = c.network;
  const SleepReport report = sleep(slept, c.parameters, c.gains, c.stimulus());
  for (std::size_t l = 0; l <= c.network.layers.size(); ++l) RC_ASSERT(report.silent(l));
  expect_equal(slept, c.network);
}

RC_GTEST_PROP(SleepProperty, GainsAndThresholdsScaleTogether, ()) {
  // Membrane potentials have no unit: twice the input against twice the threshold is the same
  // sleep.
  const Case c = any_case();
  SleepParameters doubled = c.parameters;
  std::vector<double> gains = c.gains;
  std::vector<double> thresholds = c.thresholds;
  for (double& gain : gains) gain *= 2;
  for (double& threshold : thresholds) threshold *= 2;
  doubled.input_gain = GivenGains{gains};
  doubled.firing = Thresholds{thresholds};
  doubled.output_current *= 2;
  Network once = c.network;
  Network twice = c.network;
  const auto a = sleep(once, c.parameters, c.gains, c.stimulus());
  const auto b = sleep(twice, doubled, gains, c.stimulus());
  RC_ASSERT(a.spike_counts == b.spike_counts);
  expect_equal(once, twice);
}

RC_GTEST_PROP(SleepProperty, OutputUnitsCanBeRenumbered, ()) {
  Case c = any_case();
  c.parameters.inhibition = 0;  // a mean over units depends on their order in the last bit
  Layer& last = c.network.layers.back();
  Case permuted = c;
  Layer& turned = permuted.network.layers.back();
  const auto rotate = [](std::vector<float>& v, std::size_t by) {
    if (!v.empty()) std::rotate(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(by), v.end());
  };
  rotate(turned.weights, last.inputs);
  rotate(turned.biases, 1);
  const auto a = sleep(c.network, c.parameters, c.gains, c.stimulus());
  const auto b = sleep(permuted.network, c.parameters, c.gains, c.stimulus());
  for (std::size_t l = 0; l <= c.network.layers.size(); ++l) RC_ASSERT(a.spikes(l) == b.spikes(l));
  rotate(last.weights, last.inputs);
  expect_equal(c.network, permuted.network);
}

}  // namespace
}  // namespace hypnos::test

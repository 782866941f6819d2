#include <gtest/gtest.h>

#include <cmath>

#include "hypnos/sleep.hpp"
#include "hypnos/stimulus.hpp"
#include "reference/dense_sleep.hpp"
#include "support/golden.hpp"

namespace hypnos::test {
namespace {

class GoldenSleepTest : public testing::TestWithParam<std::string> {};

void expect_weights_near(const Network& slept, const Network& golden) {
  double largest = 0;
  for (std::size_t l = 0; l < golden.layers.size(); ++l) {
    ASSERT_EQ(slept.layers[l].weights.size(), golden.layers[l].weights.size());
    for (std::size_t k = 0; k < golden.layers[l].weights.size(); ++k) {
      largest = std::max(largest, std::fabs(double{slept.layers[l].weights[k]} -
                                            double{golden.layers[l].weights[k]}));
    }
  }
  EXPECT_LE(largest, 5e-6);
}

TEST_P(GoldenSleepTest, EngineReproducesTheAuthorsCode) {
  const GoldenSleep golden = read_golden_sleep(GetParam());
  Network network = golden.before;
  const SleepReport report = sleep(network, golden.parameters, golden.gains,
                                   given_spikes(golden.input_spikes, network.inputs()));
  EXPECT_EQ(report.spike_counts, golden.spike_counts);
  expect_weights_near(network, golden.after);
}

TEST_P(GoldenSleepTest, OracleReproducesTheAuthorsCode) {
  const GoldenSleep golden = read_golden_sleep(GetParam());
  Network network = golden.before;
  EXPECT_EQ(dense_sleep(network, golden.parameters, golden.gains,
                        given_spikes(golden.input_spikes, network.inputs())),
            golden.spike_counts);
  expect_weights_near(network, golden.after);
}

INSTANTIATE_TEST_SUITE_P(All, GoldenSleepTest, testing::ValuesIn(golden_names("sleep_")),
                         [](const auto& name) { return name.param; });

TEST(GoldenSleep, AllFilesAreThere) {
  EXPECT_EQ(golden_names("sleep_").size(), 5U);
}

}  // namespace
}  // namespace hypnos::test

#include <gtest/gtest.h>

#include "hypnos/input_gains.hpp"
#include "support/golden.hpp"

namespace hypnos::test {
namespace {

class GoldenScaleTest : public testing::TestWithParam<std::string> {};

TEST_P(GoldenScaleTest, FactorsAreTheAuthors) {
  const GoldenScale golden = read_golden_scale(GetParam());
  const auto factors =
      scale_factors(golden.network, activation_maxima(golden.network, golden.inputs));
  ASSERT_EQ(factors.size(), golden.factors.size());
  for (std::size_t l = 0; l < factors.size(); ++l) {
    EXPECT_NEAR(factors[l] / golden.factors[l], 1, 1e-5) << "layer " << l + 1;
  }
}

INSTANTIATE_TEST_SUITE_P(All, GoldenScaleTest, testing::ValuesIn(golden_names("scale_")),
                         [](const auto& name) { return name.param; });

TEST(GoldenScale, AllFilesAreThere) {
  EXPECT_EQ(golden_names("scale_").size(), 3U);
}

}  // namespace
}  // namespace hypnos::test

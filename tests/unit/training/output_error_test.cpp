#include "training/output_error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace hypnos {
namespace {

TEST(OutputError, SquaredErrorIsPassedOnAsIfTheOutputWereLinear) {
  std::vector<float> output(16, 0);
  output[0] = 0.5F;
  output[2] = 0.25F;
  std::vector<float> scratch(16);
  const double loss = output_error(OutputKind::relu, output, 3, 1, scratch);
  EXPECT_DOUBLE_EQ(loss, 0.5 * (0.25 + 1 + 0.0625));
  EXPECT_EQ(output[0], 0.5F);
  EXPECT_EQ(output[1], -1) << "also where the unit answers 0";
  EXPECT_EQ(output[2], 0.25F);
}

TEST(OutputError, CrossEntropyOfLogits) {
  std::vector<float> output(16, 0);
  output[1] = std::log(3.0F);
  std::vector<float> scratch(16);
  const double loss = output_error(OutputKind::softmax, output, 2, 1, scratch);
  EXPECT_NEAR(loss, -std::log(0.75), 1e-6);
  EXPECT_NEAR(output[0], 0.25, 1e-6);
  EXPECT_NEAR(output[1], -0.25, 1e-6);
}

}  // namespace
}  // namespace hypnos

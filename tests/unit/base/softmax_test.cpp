#include "base/softmax.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "support/vector_targets.hpp"

namespace hypnos {
namespace {

using Floats = std::vector<float>;
constexpr std::size_t count = 1 << 16;

Floats exponents() {
  Floats x(count);
  for (std::size_t i = 0; i < count; ++i) {
    x[i] = -110 + 130 * static_cast<float>(i) / static_cast<float>(count);
  }
  return x;
}

Floats positive_numbers() {
  Floats x(count);
  for (std::size_t i = 0; i < count; ++i) {
    x[i] = std::exp(static_cast<float>(i) / static_cast<float>(count) * 12 - 0.5F);
  }
  return x;
}

class SoftmaxTest : public test::VectorTargetTest {};

TEST_P(SoftmaxTest, ExponentialsAreRightAndTheSameForEachTarget) {
  const Floats x = exponents();
  Floats y(count);
  exponentials(x, y);
  for (std::size_t i = 0; i < count; ++i) {
    const double wanted = x[i] < -87.3F ? 0 : std::exp(double{x[i]});
    ASSERT_NEAR(y[i], wanted, 1e-7 * wanted) << x[i];
  }
  hwy::SetSupportedTargetsForTest(0);
  Floats best(count);
  exponentials(x, best);
  EXPECT_EQ(y, best);
}

TEST_P(SoftmaxTest, LogarithmsAreRightAndTheSameForEachTarget) {
  const Floats x = positive_numbers();
  Floats y(count);
  logarithms(x, y);
  for (std::size_t i = 0; i < count; ++i) {
    const double wanted = std::log(double{x[i]});
    ASSERT_NEAR(y[i], wanted, 1e-7 * std::max(std::abs(wanted), 0.3)) << x[i];
  }
  hwy::SetSupportedTargetsForTest(0);
  Floats best(count);
  logarithms(x, best);
  EXPECT_EQ(y, best);
}

TEST_P(SoftmaxTest, ErrorsAndLossAreThoseOfTheCrossEntropy) {
  for (const std::size_t classes : {1UL, 2UL, 10UL, 16UL, 17UL, 1000UL}) {
    const std::size_t padded = (classes + 15) / 16 * 16;
    Floats z(padded, 1e30F);
    for (std::size_t c = 0; c < classes; ++c) z[c] = 3 * std::sin(static_cast<float>(7 * c));
    const Floats logits = z;
    Floats scratch(padded);
    const std::size_t label = classes / 3;
    const float loss = softmax_error(z, classes, label, scratch);
    double sum = 0;
    for (std::size_t c = 0; c < classes; ++c) sum += std::exp(double{logits[c]});
    EXPECT_NEAR(loss, std::log(sum) - double{logits[label]}, 1e-5);
    for (std::size_t c = 0; c < classes; ++c) {
      const double wanted = std::exp(double{logits[c]}) / sum - (c == label ? 1 : 0);
      ASSERT_NEAR(z[c], wanted, 1e-6) << classes << " " << c;
    }
  }
}

TEST_P(SoftmaxTest, NoNumberStaysNone) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Floats z(16, 0);
    z[1] = bad;
    Floats scratch(16);
    EXPECT_TRUE(std::isnan(softmax_error(z, 3, 0, scratch)));
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, SoftmaxTest, test::vector_targets(), test::target_name);

}  // namespace
}  // namespace hypnos

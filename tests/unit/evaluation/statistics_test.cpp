#include "hypnos/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

TEST(Summarize, ByHand) {
  const Summary s = summarize(std::vector<double>{2, 4, 9});
  EXPECT_EQ(s.count, 3U);
  EXPECT_DOUBLE_EQ(s.mean, 5);
  EXPECT_DOUBLE_EQ(s.deviation, std::sqrt(13.0));
}

TEST(Summarize, OneValueHasNoSpreadAndNoneNoMean) {
  EXPECT_EQ(summarize(std::vector<double>{7}).deviation, 0);
  EXPECT_THROW(summarize(std::vector<double>{}), InputError);
}

}  // namespace
}  // namespace hypnos

#include "tuning/search_space.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

TEST(SearchSpace, PositionsAreLogarithmic) {
  const SearchSpace space;
  const SleepParameters p = parameters_at(std::vector<double>{0, 0.5, 1, 0, 1, 0}, space, {});
  EXPECT_DOUBLE_EQ(p.max_rate, 20);
  EXPECT_NEAR(p.increment, std::sqrt(1e-6 * 0.1), 1e-12);
  EXPECT_NEAR(p.decrement, 0.1, 1e-12);
  const std::vector<double>& rates = std::get<TargetRates>(p.firing).values;
  ASSERT_EQ(rates.size(), 3U);
  EXPECT_NEAR(rates[0], space.rate.low, 1e-12);
  EXPECT_NEAR(rates[1], space.rate.high, 1e-12);
  EXPECT_NEAR(rates[2], space.output_rate.low, 1e-12);
  EXPECT_EQ(p.steps, space.max_steps);
  EXPECT_NO_THROW(validate(p, 3));
}

TEST(SearchSpace, PositionsAndParametersAreInverse) {
  for (const Firing firing : {Firing::rate, Firing::threshold}) {
    SearchSpace space;
    space.firing = firing;
    const std::vector<double> position = {0.1, 0.9, 0.3, 0.4, 0.7, 0.25};
    const auto back = position_of(parameters_at(position, space, {}), space);
    ASSERT_EQ(back.size(), position.size());
    for (std::size_t d = 0; d < back.size(); ++d) EXPECT_NEAR(back[d], position[d], 1e-12);
  }
}

TEST(SearchSpace, ThresholdsMeanTheSameAtAnyScale) {
  SearchSpace space;
  space.firing = Firing::threshold;
  SleepParameters p = parameters_at(std::vector<double>{0.1, 0.9, 0.3, 0.4}, space, {});
  const auto position = position_of(p, space);
  p.input_gain = GainScale{5};
  for (double& threshold : std::get<Thresholds>(p.firing).values) threshold *= 5;
  EXPECT_NEAR(position_of(p, space)[3], position[3], 1e-12);
}

TEST(SearchSpace, RefusesWhatCannotBeSearched) {
  SearchSpace space;
  space.increment = {0.1, 0.01};
  EXPECT_THROW(validate(space), ParameterError);
  SleepParameters p;
  p.firing = Thresholds{{1, 1}};
  EXPECT_THROW(position_of(p, SearchSpace{}), InputError);
}

}  // namespace
}  // namespace hypnos

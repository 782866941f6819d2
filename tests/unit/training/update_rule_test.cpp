#include "training/update_rule.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hypnos {
namespace {

TEST(UpdateRule, OfMomentum) {
  TrainingOptions options;
  options.momentum = 0.75;
  options.weight_decay = 0.5;
  const auto rule = make_update_rule(options);
  EXPECT_EQ(rule->numbers_kept(), 1U);
  const auto step = std::get<MomentumStep>(rule->next(0.25, 8));
  EXPECT_EQ(step.rate, 0.25F / 8);
  EXPECT_EQ(step.decay, 0.125F);
  EXPECT_EQ(step.momentum, 0.75F);
}

TEST(UpdateRule, OfAdamCorrectsForTheBeginning) {
  TrainingOptions options;
  options.optimizer = Optimizer::adam;
  options.weight_decay = 0.5;
  const auto rule = make_update_rule(options);
  EXPECT_EQ(rule->numbers_kept(), 2U);
  for (int t = 1; t <= 1000; ++t) {
    const auto step = std::get<AdamStep>(rule->next(0.01, 8));
    EXPECT_EQ(step.rate, 0.125F);
    EXPECT_EQ(step.decay, 0.5F);
    ASSERT_FLOAT_EQ(step.step, static_cast<float>(0.01 / (1 - std::pow(0.9, t))));
    ASSERT_FLOAT_EQ(step.root_correction, static_cast<float>(std::sqrt(1 - std::pow(0.999, t))));
    EXPECT_EQ(step.epsilon, 1e-8F);
  }
}

}  // namespace
}  // namespace hypnos

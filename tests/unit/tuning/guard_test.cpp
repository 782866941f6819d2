#include "hypnos/guard.hpp"

#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "hypnos/rate_calibration.hpp"
#include "hypnos/tuning.hpp"
#include "support/subjects.hpp"

namespace hypnos {
namespace {

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> made = test::small_subjects(2);
  return made;
}

SleepParameters parameters(double increment, double decrement) {
  SleepParameters p;
  p.steps = 800;
  p.max_rate = 200;
  p.patch = 5;
  p.increment = increment;
  p.decrement = decrement;
  p.target_rate = {0.01, 0.01, 0.01};
  return p;
}

TEST(Guard, ASleepThatChangesNothingDoesNotHelp) {
  const Verdict verdict = judge_sleep(subjects(), parameters(0, 0), 1, 2, 2);
  EXPECT_FALSE(verdict.helps);
  EXPECT_EQ(verdict.gain(), 0);
  EXPECT_EQ(verdict.low, 0);
  EXPECT_EQ(verdict.high, 0);
  EXPECT_EQ(verdict.samples, 200U);
}

TEST(Guard, SeesAHelpfulSleepAndItsLength) {
  TuningOptions options;
  options.space.max_steps = 800;
  options.base.patch = 5;
  options.budget = 400;
  options.noise_seeds = 1;
  SleepParameters found = tune(subjects(), options).parameters;
  const std::uint64_t best = found.steps;
  found.steps = 800;
  const Verdict verdict = judge_sleep(subjects(), found, 100, 3, 2);
  EXPECT_TRUE(verdict.helps);
  EXPECT_GT(verdict.low, 0);
  EXPECT_LT(verdict.low, verdict.gain());
  EXPECT_GT(verdict.high, verdict.gain());
  EXPECT_LE(best, 800U);
  const auto lengths = tuning_checkpoints(800);
  EXPECT_EQ(std::count(lengths.begin(), lengths.end(), verdict.steps), 1);
}

TEST(Guard, SeesAHarmfulSleep) {
  std::vector<Subject> trained = test::small_subjects(1);
  TrainingOptions options = authors_protocol();
  options.learning_rate = 0.1;
  options.epochs = 100;
  train(trained[0].network, trained[0].evaluation, options, 1);
  const Verdict verdict = judge_sleep(trained, parameters(0.05, 0.1), 1, 2, 2);
  EXPECT_GT(verdict.before, 0.7);
  EXPECT_FALSE(verdict.helps);
  EXPECT_LE(verdict.gain(), 0);
}

TEST(Guard, RefusesRatesThatNoNetworkReaches) {
  SleepParameters unreachable = parameters(0, 0);
  unreachable.target_rate = {0.6, 0.6, 0.6};
  EXPECT_THROW(judge_sleep(subjects(), unreachable, 1, 1, 1), RateError);
}

TEST(Guard, NeedsSamples) {
  std::vector<Subject> none = test::small_subjects(1);
  none[0].evaluation.images.clear();
  none[0].evaluation.labels.clear();
  EXPECT_THROW(judge_sleep(none, parameters(0.1, 0.1), 1, 1, 1), InputError);
}

}  // namespace
}  // namespace hypnos

#include "hypnos/guard.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "hypnos/error.hpp"
#include "hypnos/thresholds.hpp"
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
  p.firing = TargetRates{{0.01, 0.01, 0.01}};
  return p;
}

TEST(Guard, ASleepThatChangesNothingDoesNotHelp) {
  const Verdict verdict = judge_sleep(subjects(), parameters(0, 0),
                                      {.noise_seed = 1, .noise_seeds = 2}, {.threads = 2});
  EXPECT_FALSE(verdict.helps);
  EXPECT_EQ(verdict.improvement(), 0);
  EXPECT_EQ(verdict.low, 0);
  EXPECT_EQ(verdict.high, 0);
  EXPECT_EQ(verdict.samples, 200U);
}

TEST(Guard, NeedsNoise) {
  EXPECT_THROW(judge_sleep(subjects(), parameters(0, 0), {.noise_seed = 1, .noise_seeds = 0}),
               ParameterError);
}

TEST(Guard, JudgesOtherMeasuresByDrawingSamplesAgain) {
  for (const char* objective : {"worst-class", "cross-entropy", "0.5*accuracy+0.5*macro-f1"}) {
    const Judging judging{.noise_seeds = 2, .objective = read_objective(objective)};
    const Verdict none = judge_sleep(subjects(), parameters(0, 0), judging, {.threads = 2});
    EXPECT_FALSE(none.helps) << objective;
    EXPECT_EQ(none.improvement(), 0) << objective;
    const Verdict some = judge_sleep(subjects(), parameters(0.05, 0.1), judging, {.threads = 2});
    EXPECT_LT(some.low, some.improvement()) << objective;
    EXPECT_GT(some.high, some.improvement()) << objective;
  }
}

TEST(Guard, ASampleThatSeveralNetworksJudgeCountsOnce) {
  Judging judging{.noise_seeds = 2};
  const Verdict apart = judge_sleep(subjects(), parameters(0.05, 0.1), judging, {.threads = 2});
  // Both networks have 100 samples. Taken for the same ones, in another order:
  for (std::uint32_t i = 0; i < 100; ++i) judging.sample.push_back(i);
  for (std::uint32_t i = 0; i < 100; ++i) judging.sample.push_back(99 - i);
  const Verdict together = judge_sleep(subjects(), parameters(0.05, 0.1), judging, {.threads = 2});
  EXPECT_EQ(apart.samples, 200U);
  EXPECT_EQ(together.samples, 100U);
  EXPECT_NEAR(together.improvement(), apart.improvement(), 1e-12) << "the mean over both";
  EXPECT_NEAR(together.before, apart.before, 1e-12);
  judging.objective = read_objective("worst-class");
  EXPECT_EQ(judge_sleep(subjects(), parameters(0.05, 0.1), judging, {.threads = 2}).samples, 100U);
  judging.sample.pop_back();
  EXPECT_THROW(judge_sleep(subjects(), parameters(0, 0), judging), InputError);
}

// A network on its plateau answers to all samples of a class alike. Before: class 0 always. After:
// classes 1 and 2 always. That is certain, however few samples there are.
TEST(Guard, WhatDiffersBetweenClassesIsNotChance) {
  std::vector<double> before;
  std::vector<double> after;
  std::vector<std::uint32_t> classes;
  for (std::uint32_t i = 0; i < 12; ++i) {
    classes.push_back(i % 3);
    before.push_back(i % 3 == 0 ? 1 : 0);
    after.push_back(i % 3 == 0 ? 0 : 1);
  }
  const std::vector<std::vector<double>> noise = {after, after};
  EXPECT_FALSE(compare_answers(before, noise, 7).helps);
  const Verdict verdict = compare_answers(before, noise, 7, 1, classes);
  EXPECT_TRUE(verdict.helps);
  EXPECT_NEAR(verdict.improvement(), 1.0 / 3, 1e-12);
  EXPECT_NEAR(verdict.low, 1.0 / 3, 1e-12);
  // By hand: class 2 has the changes 1, 1, 1, 0, whose variance is 1/4: sqrt(4 / 4) / 12.
  after[11] = 0;
  const Verdict one = compare_answers(before, std::vector{after, after}, 7, 1, classes);
  EXPECT_NEAR(one.improvement() - one.low, 1.959964 / 12, 1e-6);
  classes.pop_back();
  EXPECT_THROW(compare_answers(before, noise, 7, 1, classes), InputError);
}

TEST(Guard, TunedNeedsUpdates) {
  EXPECT_THROW(judge_sleep(subjects(), parameters(0, 0), {.moment = Moment::tuned}),
               ParameterError);
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
  const Verdict verdict =
      judge_sleep(subjects(), found, {.noise_seed = 100, .noise_seeds = 3}, {.threads = 2});
  EXPECT_TRUE(verdict.helps);
  EXPECT_GT(verdict.low, 0);
  EXPECT_LT(verdict.low, verdict.improvement());
  EXPECT_GT(verdict.high, verdict.improvement());
  EXPECT_LE(best, 800U);
  const auto lengths = tuning_checkpoints(800);
  EXPECT_EQ(std::count(lengths.begin(), lengths.end(), verdict.steps), 1);
}

TEST(Guard, SeesAHarmfulSleep) {
  std::vector<Subject> trained = test::small_subjects(1);
  TrainingOptions options = authors_protocol();
  options.learning_rate = 0.1;
  options.epochs = 100;
  train(trained[0].sleeper.network, trained[0].evaluation, options, 1);
  const Verdict verdict = judge_sleep(trained, parameters(0.05, 0.1),
                                      {.noise_seed = 1, .noise_seeds = 2}, {.threads = 2});
  EXPECT_GT(verdict.before, 0.7);
  EXPECT_FALSE(verdict.helps);
  EXPECT_LE(verdict.improvement(), 0);
}

TEST(Guard, RefusesRatesThatNoNetworkReaches) {
  SleepParameters unreachable = parameters(0, 0);
  unreachable.firing = TargetRates{{0.6, 0.6, 0.6}};
  try {
    judge_sleep(subjects(), unreachable, {.noise_seed = 1, .noise_seeds = 1});
    FAIL() << "there is a verdict";
  } catch (const RateError& error) {
    EXPECT_EQ(error.layer(), 1U);
    EXPECT_EQ(error.target(), 0.6);
    EXPECT_LT(error.highest(), 0.3);
  }
}

TEST(Guard, DoesNotDependOnTheThreads) {
  const SleepParameters p = parameters(0.001, 0.001);
  const Verdict one =
      judge_sleep(subjects(), p, {.noise_seed = 1, .noise_seeds = 2}, {.threads = 1});
  const Verdict three =
      judge_sleep(subjects(), p, {.noise_seed = 1, .noise_seeds = 2}, {.threads = 3});
  EXPECT_EQ(one.after, three.after);
  EXPECT_EQ(one.low, three.low);
  EXPECT_EQ(one.steps, three.steps);
}

TEST(Guard, StopsInTheMiddleOfItsSleeps) {
  SleepParameters p = parameters(0.001, 0.001);
  p.steps = 1'000'000'000;
  std::string told;
  EXPECT_THROW(judge_sleep(subjects(), p, {.noise_seed = 1, .noise_seeds = 2},
                           {.threads = 2, .progress = Progress([&](double, std::string_view note) {
                                            told = note;
                                            return note != "judging by 2 networks";
                                          })}),
               Stopped);
  EXPECT_EQ(told, "judging by 2 networks");
}

TEST(Guard, ManySamplesDoNotMakeUpForTheChanceOfTheNoise) {
  // A short sleep whose few spikes change much: what comes of it depends on the noise. Each sample
  // twice would narrow an interval that came from the samples alone by the square root of two.
  const SleepParameters p = parameters(0.3, 0.3);
  std::vector<Subject> once = test::small_subjects(1);
  std::vector<Subject> often = once;
  Dataset& data = often[0].evaluation;
  for (int doubled = 0; doubled < 6; ++doubled) {
    const std::vector<float> images = data.images;
    const std::vector<std::uint32_t> labels = data.labels;
    data.images.insert(data.images.end(), images.begin(), images.end());
    data.labels.insert(data.labels.end(), labels.begin(), labels.end());
  }
  const Verdict few = judge_sleep(once, p, {.noise_seed = 1, .noise_seeds = 3}, {.threads = 2});
  const Verdict many = judge_sleep(often, p, {.noise_seed = 1, .noise_seeds = 3}, {.threads = 2});
  EXPECT_EQ(many.samples, 64 * few.samples);
  EXPECT_NEAR(many.improvement(), few.improvement(), 1e-9);
  EXPECT_GT(many.high - many.low, (few.high - few.low) / 8 * 1.5);
  EXPECT_LT(many.high - many.low, few.high - few.low);
}

TEST(Guard, ASingleSampleShowsNothing) {
  std::vector<Subject> single = test::small_subjects(1);
  single[0].evaluation.images.resize(single[0].evaluation.shape.features());
  single[0].evaluation.labels.resize(1);
  const Verdict verdict =
      judge_sleep(single, parameters(0.05, 0.1), {.noise_seed = 1, .noise_seeds = 2});
  EXPECT_FALSE(verdict.helps);
  EXPECT_EQ(verdict.low, -1);
  EXPECT_EQ(verdict.high, 1);
}

TEST(Guard, NeedsSamples) {
  std::vector<Subject> none = test::small_subjects(1);
  none[0].evaluation.images.clear();
  none[0].evaluation.labels.clear();
  EXPECT_THROW(judge_sleep(none, parameters(0.1, 0.1), {.noise_seed = 1, .noise_seeds = 1}),
               InputError);
}

TEST(Guard, ComparesAnswersByHand) {
  // Of four samples one was right; under the two noise seeds 3 and 2 are.
  const std::vector<double> before = {1, 0, 0, 0};
  const std::vector<std::vector<double>> after = {{1, 1, 1, 0}, {1, 1, 0, 0}};
  const Verdict verdict = compare_answers(before, after, 7);
  EXPECT_EQ(verdict.steps, 7U);
  EXPECT_EQ(verdict.samples, 4U);
  EXPECT_EQ(verdict.before, 0.25);
  EXPECT_EQ(verdict.after, 0.625);
  // Differences 0, 1, 1/2, 0 and improvements 1/2, 1/4: variances 11/48 and 1/32.
  const double error = 1.959964 * std::sqrt(11.0 / 48 / 4 + 1.0 / 32 / 2);
  EXPECT_NEAR(verdict.low, 0.375 - error, 1e-6);
  EXPECT_NEAR(verdict.high, 0.375 + error, 1e-6);
  EXPECT_FALSE(verdict.helps);
  EXPECT_LT(compare_answers(before, after, 7, 5).low, verdict.low);
  EXPECT_THROW(compare_answers({}, after, 7), InputError);
  EXPECT_THROW(compare_answers(before, {}, 7), InputError);
  EXPECT_THROW(compare_answers(before, std::vector<std::vector<double>>{{1, 1}}, 7), InputError);
}

// Two folds of two classes: outputs that are right for 3 of 4 samples before, and for all after.
std::vector<OutputsOfFold> two_folds() {
  return {{.labels = {0, 1}, .before = {1, 0, 1, 0}, .after = {{1, 0, 0, 1}}},
          {.labels = {1, 0}, .before = {0, 1, 1, 0}, .after = {{0, 2, 1, 0}}}};
}

TEST(CompareOutputs, OfFoldsGoesByTheObjective) {
  const auto compared = [](const char* objective) {
    return compare_outputs(read_objective(objective), two_folds(), 2, 7);
  };
  const Verdict by_accuracy = compared("accuracy");
  const Verdict by_hand = compare_answers(std::vector<double>{1, 0, 1, 1},
                                          std::vector<std::vector<double>>{{1, 1, 1, 1}}, 7, 1,
                                          std::vector<std::uint32_t>{0, 1, 1, 0});
  EXPECT_EQ(by_accuracy.before, 0.75);
  EXPECT_EQ(by_accuracy.after, by_hand.after);
  EXPECT_EQ(by_accuracy.low, by_hand.low);
  EXPECT_EQ(by_accuracy.high, by_hand.high);
  EXPECT_EQ(by_accuracy.samples, 4U);
  EXPECT_EQ(compared("worst-class").before, 0.5);
  EXPECT_EQ(compared("worst-class").after, 1);
  EXPECT_EQ(compared("recall:1").before, 0.5);
  EXPECT_LT(compared("cross-entropy").before, compared("cross-entropy").after);
}

TEST(CompareOutputs, ClassesOfFewSamplesShowNothing) {
  // Of class 1 all answers become right; those to 20 samples of class 0 stay.
  const auto with_few = [](std::size_t few) {
    OutputsOfFold fold{
        .labels = std::vector<std::uint32_t>(20 + few, 0), .before = {}, .after = {{}}};
    for (std::size_t s = 0; s < 20 + few; ++s) {
      const bool is_rare = s >= 20;
      if (is_rare) fold.labels[s] = 1;
      fold.before.insert(fold.before.end(), {1, 0});
      fold.after[0].insert(fold.after[0].end(), {is_rare ? 0.0F : 1.0F, is_rare ? 1.0F : 0.0F});
    }
    return std::vector{fold};
  };
  for (const char* objective : {"recall:1", "balanced-accuracy", "worst-class", "macro-f1"}) {
    for (const std::size_t few : {1U, 2U, 5U}) {
      const auto verdict = compare_outputs(read_objective(objective), with_few(few), 2, 7);
      EXPECT_FALSE(verdict.helps) << objective << few;
      EXPECT_GT(verdict.after, verdict.before);
    }
    EXPECT_TRUE(compare_outputs(read_objective(objective), with_few(6), 2, 7).helps) << objective;
  }
}

TEST(CompareOutputs, CanBeStoppedAndDoesNotDependOnTheThreads) {
  const Objective objective = read_objective("macro-f1");
  const Verdict by_one = compare_outputs(objective, two_folds(), 2, 7);
  const Verdict by_three = compare_outputs(objective, two_folds(), 2, 7, {.threads = 3});
  EXPECT_EQ(by_one.low, by_three.low);
  EXPECT_EQ(by_one.high, by_three.high);
  const Progress stopping([](double, std::string_view) { return false; });
  EXPECT_THROW(compare_outputs(objective, two_folds(), 2, 7, {.progress = stopping}), Stopped);
}

TEST(CompareOutputs, SaysWhatDoesNotFit) {
  std::vector<OutputsOfFold> folds = two_folds();
  folds[1].after.clear();
  EXPECT_THROW(compare_outputs({}, folds, 2, 7), InputError) << "a fold without sleeps";
  folds = two_folds();
  folds[0].before.pop_back();
  EXPECT_THROW(compare_outputs({}, folds, 2, 7), InputError) << "an output is missing";
  folds = two_folds();
  folds[0].after[0][1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(compare_outputs({}, folds, 2, 7), InputError) << "not finite";
  folds = two_folds();
  folds[0].labels[0] = 2;
  EXPECT_THROW(compare_outputs({}, folds, 2, 7), InputError) << "no class of the outputs";
  EXPECT_THROW(compare_outputs({}, {}, 2, 7), InputError);
}

}  // namespace
}  // namespace hypnos

#include "tuning/tuned_evaluator.hpp"

#include <gtest/gtest.h>

#include "hypnos/dataset_prediction.hpp"
#include "hypnos/error.hpp"
#include "hypnos/input_gains.hpp"
#include "hypnos/network_metrics.hpp"
#include "hypnos/objective.hpp"
#include "hypnos/sleep.hpp"
#include "hypnos/stimulus.hpp"
#include "hypnos/training.hpp"
#include "hypnos/wake.hpp"
#include "support/subjects.hpp"
#include "tuning/evaluator.hpp"

namespace hypnos {
namespace {

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> made = test::small_subjects(2);
  return made;
}

TrainingOptions further(std::uint64_t updates) {
  TrainingOptions options = authors_protocol();
  options.schedule = Schedule::cosine;
  options.learning_rate = 0.05;
  end_after_updates(options, updates);
  return options;
}

SleepParameters sleep_of(double increment) {
  SleepParameters parameters = parse_sleep_parameters(
      "steps = 300\nmax_rate = 200\npatch = 5\nincrement = 0.001\ndecrement = 0.0002\n"
      "target_rate = [0.02, 0.02, 0.01]\n",
      "test");
  parameters.increment = increment;
  return parameters;
}

std::vector<SubjectScores> scores_of(const TunedEvaluator& evaluator,
                                     const std::vector<SleepParameters>& candidates,
                                     Patience patience, unsigned threads = 1) {
  const std::uint64_t noise[] = {1};
  std::vector<SubjectScores> all;
  evaluator.evaluate(candidates, noise,
                     [&](std::size_t candidate, const SubjectScores& scores) {
                       EXPECT_EQ(candidate, all.size());
                       all.push_back(scores);
                     },
                     patience, {.threads = threads});
  return all;
}

TEST(TunedEvaluator, SleepsWakesTrainsAndScores) {
  const TunedEvaluator evaluator(subjects(), SubjectScore(subjects(), {}), further(9), {});
  const SleepParameters candidate = sleep_of(0.001);
  const auto scores = scores_of(evaluator, {candidate}, Patience::all_the_way);
  for (std::size_t s = 0; s < subjects().size(); ++s) {
    const Subject& subject = subjects()[s];
    const auto by_hand = [&](bool with_sleep, std::uint64_t seed) {
      Network network = subject.sleeper.network;
      const Dataset& data = subject.training;
      if (with_sleep) {
        const auto gains = input_gains(candidate, network, subject.sleeper.maxima);
        sleep(network, candidate, gains,
              noise_patches(subject.sleeper.mean, subject.sleeper.shape, candidate, seed));
      }
      rescale(network, waking_factor(network.output, predict(network, data).outputs, data.labels,
                                     network.classes()));
      train(network, data, further(9), seed);
      return value_of(Measure::accuracy, network_metrics(network, subject.evaluation));
    };
    // Each subject has noise of its own: seed * subjects + subject.
    EXPECT_EQ(scores[0][s][0], by_hand(true, 2 + s));
    EXPECT_EQ(evaluator.before()[s], by_hand(false, s));
  }
}

TEST(TunedEvaluator, ASleepThatChangesNothingGainsNothing) {
  SleepParameters nothing = sleep_of(0);
  nothing.decrement = 0;
  // The batches of training on are drawn by the same seed, whether it slept or not.
  const std::vector<Subject> one = test::small_subjects(1);
  const TunedEvaluator evaluator(one, SubjectScore(one, {}), further(9), {});
  const std::uint64_t noise[] = {0};
  evaluator.evaluate(std::span(&nothing, 1), noise,
                     [&](std::size_t, const SubjectScores& scores) {
                       EXPECT_EQ(scores[0][0], evaluator.before()[0]);
                     },
                     Patience::all_the_way, {});
}

TEST(TunedEvaluator, WhatCannotBeWokenIsTrainedOnAsItIs) {
  std::vector<Subject> dead = test::small_subjects(1);
  for (Layer& layer : dead[0].sleeper.network.layers) {
    std::fill(layer.weights.begin(), layer.weights.end(), -1.0F);
  }
  const TunedEvaluator evaluator(dead, SubjectScore(dead, {}), further(9), {});
  EXPECT_GT(evaluator.before()[0], SubjectScore(dead, {}).worst());
}

TEST(TunedEvaluator, CutsTheHopelessOff) {
  const TunedEvaluator evaluator(subjects(), SubjectScore(subjects(), {}), further(18), {});
  std::vector<SleepParameters> candidates;
  for (const double increment : {0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0}) {
    candidates.push_back(sleep_of(increment));
  }
  const auto scores = scores_of(evaluator, candidates, Patience::cut_hopeless, 2);
  ASSERT_EQ(scores.size(), 7U);
  std::size_t full = 0;
  std::size_t once_cut = 0;
  for (std::size_t c = 0; c < scores.size(); ++c) {
    const double mean = mean_over_subjects(scores[c])[0];
    once_cut += mean < -5 && mean >= -10 ? 1 : 0;
    if (mean < 0) continue;
    ++full;
    EXPECT_EQ(scores[c], scores_of(evaluator, {candidates[c]}, Patience::all_the_way)[0]);
  }
  // Of seven, three go on, and then one.
  EXPECT_EQ(full, 1U);
  EXPECT_EQ(once_cut, 2U);
  const SearchCost cost = evaluator.cost(7, 1, Patience::cut_hopeless);
  EXPECT_EQ(cost.sleeps, (7U + 3 + 1) * 2);
  EXPECT_EQ(cost.updates, (7U * 2 + 3 * 6 + 1 * 18) * 2);
  EXPECT_EQ(evaluator.cost(7, 3, Patience::all_the_way).updates, 7U * 18 * 2 * 3);
}

TEST(TunedEvaluator, WhatCannotBeTrainedIsTheWorst) {
  TrainingOptions wild = further(9);
  wild.learning_rate = 1e29;
  const TunedEvaluator evaluator(subjects(), SubjectScore(subjects(), {}), wild, {});
  EXPECT_EQ(scores_of(evaluator, {sleep_of(0.001)}, Patience::all_the_way)[0][0][0], 0);
}

}  // namespace
}  // namespace hypnos

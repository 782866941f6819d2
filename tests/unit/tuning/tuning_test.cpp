#include "hypnos/tuning.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "hypnos/error.hpp"
#include "support/files.hpp"
#include "support/subjects.hpp"
#include "tuning/evaluator.hpp"

namespace hypnos {
namespace {

TuningOptions small_search() {
  TuningOptions options;
  options.space.max_steps = 800;
  options.base.patch = 5;
  options.budget = 400;
  options.noise_seeds = 1;
  return options;
}

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> made = test::small_subjects(2);
  return made;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

TEST(Tuning, CheckpointsEndWithTheSleep) {
  const auto checkpoints = tuning_checkpoints(6000);
  EXPECT_EQ(checkpoints.front(), 375U);
  EXPECT_EQ(checkpoints.back(), 6000U);
  EXPECT_EQ(checkpoints.size(), 8U);
  EXPECT_EQ(tuning_checkpoints(1), std::vector<std::uint64_t>({1}));
}

TEST(Tuning, FindsASleepThatHelps) {
  const TuningResult result = tune(subjects(), small_search());
  EXPECT_TRUE(result.complete);
  EXPECT_GT(result.score, result.before + 0.1);
  EXPECT_NEAR(result.before, mean(result.subject_before), 1e-12);
  EXPECT_NEAR(result.score, mean(result.subject_score), 1e-12);
  EXPECT_LE(result.candidates, 200U);
  EXPECT_GE(result.candidates, 180U);
}

TEST(Tuning, CautionTakesOffTheStandardErrorOfTheGain) {
  const std::vector<double> before = {0.1, 0.5, 0.6};
  const SubjectScores scores = {{0.2, 0.1}, {0.6, 0.5}, {0.7, 0.9}};
  const auto worth = cautious_mean(scores, before);
  EXPECT_NEAR(worth[0], 0.5, 1e-12) << "all gain the same";
  EXPECT_NEAR(worth[1], 0.5 - 0.1, 1e-12) << "gains 0, 0 and 0.3";
}

TEST(Tuning, CautiousSearchesFindASleepThatHelpsToo) {
  TuningOptions options = small_search();
  options.cautious = true;
  const TuningResult result = tune(subjects(), options);
  EXPECT_GT(result.score, result.before + 0.1);
  EXPECT_NEAR(result.score, mean(result.subject_score), 1e-12);
  EXPECT_THROW(tune(std::span(subjects()).first(1), options), InputError);
}

TEST(Tuning, DoesNotDependOnTheThreads) {
  TuningOptions options = small_search();
  options.budget = 60;
  const TuningResult one = tune(subjects(), options);
  options.threads = 3;
  const TuningResult three = tune(subjects(), options);
  EXPECT_EQ(to_toml(one.parameters), to_toml(three.parameters));
  EXPECT_EQ(one.score, three.score);
}

TEST(Tuning, GoesOnWhereItWasStoppedAsIfItHadNotBeen) {
  for (const Search search : {Search::cma_es, Search::random}) {
    TuningOptions options = small_search();
    options.search = search;
    options.budget = 100;
    const TuningResult whole = tune(subjects(), options);
    std::vector<Candidate> tried;
    const TuningResult stopped =
        tune(subjects(), options,
             {.tried = [&](const Candidate& candidate) { tried.push_back(candidate); },
              .progress = [](const TuningProgress& now) { return now.candidates_done < 25; }});
    EXPECT_FALSE(stopped.complete);
    EXPECT_EQ(stopped.candidates, 25U);
    ASSERT_EQ(tried.size(), 25U);
    std::size_t tried_again = 0;
    const TuningResult resumed = tune(
        subjects(), options, {.tried = [&](const Candidate&) { ++tried_again; }, .known = tried});
    EXPECT_TRUE(resumed.complete);
    EXPECT_EQ(tried_again + 25, resumed.candidates);
    EXPECT_EQ(to_toml(resumed.parameters), to_toml(whole.parameters));
    EXPECT_EQ(resumed.score, whole.score);
    options.seed = 2;
    EXPECT_THROW(tune(subjects(), options, {.known = tried}), InputError);
  }
}

TEST(Tuning, ABudgetTooSmallForAGenerationIsSpentAtRandom) {
  TuningOptions options = small_search();
  options.budget = 20;  // 10 candidates, 2 of them to try the best one again
  EXPECT_EQ(tune(subjects(), options).candidates, 8U);
}

TEST(Tuning, SearchesAroundAStart) {
  TuningOptions options = small_search();
  options.budget = 60;
  options.start = tune(subjects(), options).parameters;
  std::vector<Candidate> tried;
  const TuningResult result =
      tune(subjects(), options,
           {.tried = [&](const Candidate& candidate) { tried.push_back(candidate); }});
  EXPECT_GE(result.score, result.before);
  const std::vector<double>& start = tried.front().position;
  double distance = 0;
  for (const Candidate& candidate : tried) {
    distance += std::abs(candidate.position[0] - start[0]) / static_cast<double>(tried.size());
  }
  EXPECT_LT(distance, 0.25);  // uniform ones would be a third or more away
}

TEST(Tuning, SaysWhatIsWrong) {
  TuningOptions options = small_search();
  options.budget = 19;
  const std::string message = test::message_of<ParameterError>([&] { tune(subjects(), options); });
  EXPECT_EQ(message,
            "budget: 19 sleeps are 9 candidates on 2 networks under 1 noise seeds; at least 20 "
            "sleeps (10 candidates) are needed");
  EXPECT_THROW(tune({}, small_search()), InputError);
}

}  // namespace
}  // namespace hypnos

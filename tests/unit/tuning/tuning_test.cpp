#include "hypnos/tuning.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "hypnos/error.hpp"
#include "hypnos/network_metrics.hpp"
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
  EXPECT_GT(result.score, result.before + 0.1);
  EXPECT_NEAR(result.before, mean(result.subject_before), 1e-12);
  EXPECT_NEAR(result.score, mean(result.subject_score), 1e-12);
  EXPECT_LE(result.candidates, 200U);
  EXPECT_GE(result.candidates, 180U);
}

TEST(Tuning, AJudgeTakesThePlaceOfTheObjective) {
  TuningOptions options = small_search();
  options.budget = 40;
  const TuningResult by_name = tune(subjects(), options);
  options.objective = Measure::cross_entropy;
  options.judge = [](std::size_t subject, const Network& network) {
    return value_of(Measure::accuracy, network_metrics(network, subjects()[subject].evaluation));
  };
  const TuningResult by_judge = tune(subjects(), options);
  EXPECT_EQ(to_toml(by_judge.parameters), to_toml(by_name.parameters));
  EXPECT_EQ(by_judge.subject_before, by_name.subject_before);
  EXPECT_EQ(by_judge.subject_score, by_name.subject_score);
}

TEST(Tuning, DosesAreScoredAsSleepsOfTheDose) {
  TuningOptions options = small_search();
  options.doses = {0.5, 2};
  options.budget = 100;
  SleepParameters found = tune(subjects(), options).parameters;
  EXPECT_TRUE(found.dose == 0.5 || found.dose == 2);
  const std::uint64_t noise[] = {5};
  const auto scores_of = [&](double dose, const std::vector<double>& doses) {
    found.dose = dose;
    SubjectScores result;
    const Evaluator evaluator(subjects(), SubjectScore(subjects(), {}), {found.steps}, doses, {});
    evaluator.evaluate(std::span(&found, 1), noise,
                       [&](std::size_t, const SubjectScores& scores) { result = scores; },
                       Patience::all_the_way, {});
    return result;
  };
  const SubjectScores both = scores_of(1, options.doses);
  const SubjectScores half = scores_of(0.5, {1});
  const SubjectScores twice = scores_of(2, {1});
  for (std::size_t s = 0; s < subjects().size(); ++s) {
    EXPECT_EQ(both[s], (std::vector<double>{half[s][0], twice[s][0]}));
  }
  options.doses = {1, 0};
  EXPECT_THROW(tune(subjects(), options), ParameterError);
}

TEST(Tuning, CautionTakesOffTheStandardErrorOfTheGain) {
  const std::vector<double> before = {0.1, 0.5, 0.6};
  const SubjectScores scores = {{0.2, 0.1}, {0.6, 0.5}, {0.7, 0.9}};
  const auto worth = cautious_mean(scores, before);
  EXPECT_NEAR(worth[0], 0.5, 1e-12) << "all gain the same";
  EXPECT_NEAR(worth[1], 0.5 - 0.1, 1e-12) << "gains 0, 0 and 0.3";
}

TEST(Tuning, CautiousSearchesFindASleepThatHelpsToo) {
  const std::vector<Subject> four = test::small_subjects(4);
  TuningOptions options = small_search();
  options.cautious = true;
  options.budget = 600;
  const TuningResult result = tune(four, options, {}, {.threads = 2});
  EXPECT_GT(result.score, result.before + 0.05);
  EXPECT_NEAR(result.score, mean(result.subject_score), 1e-12);
  EXPECT_THROW(tune(std::span(four).first(1), options), InputError);
}

TEST(Tuning, DoesNotDependOnTheThreads) {
  TuningOptions options = small_search();
  options.budget = 60;
  std::vector<std::vector<double>> tried[2];
  TuningResult results[2];
  for (const unsigned threads : {1U, 3U}) {
    const std::size_t i = threads == 1 ? 0 : 1;
    results[i] = tune(subjects(), options,
                      {.tried =
                           [&](const Candidate& candidate) {
                             tried[i].push_back(candidate.position);
                             tried[i].push_back(candidate.scores);
                           }},
                      {.threads = threads});
  }
  EXPECT_EQ(to_toml(results[0].parameters), to_toml(results[1].parameters));
  EXPECT_EQ(results[0].score, results[1].score);
  EXPECT_EQ(tried[0], tried[1]) << "candidates, in the order in which the observer sees them";
}

TEST(Tuning, TellsHowFarItIsAndWhatIsBest) {
  TuningOptions options = small_search();
  options.budget = 40;
  double last = 0;
  std::string note;
  tune(subjects(), options, {}, {.threads = 2, .progress = Progress([&](double part, auto text) {
                                                 EXPECT_GE(part, last);
                                                 last = part;
                                                 note = text;
                                                 return true;
                                               })});
  EXPECT_NEAR(last, 1, 1e-9);
  EXPECT_TRUE(note.starts_with("accuracy 0.")) << note;
  EXPECT_NE(note.find(", best so far 0."), std::string::npos) << note;
  EXPECT_TRUE(note.ends_with(" steps")) << note;
}

TEST(Tuning, GoesOnWhereItWasStoppedAsIfItHadNotBeen) {
  for (const Search search : {Search::cma_es, Search::random}) {
    TuningOptions options = small_search();
    options.search = search;
    options.budget = 100;
    const TuningResult whole = tune(subjects(), options);
    std::vector<Candidate> tried;
    try {
      tune(subjects(), options,
           {.tried = [&](const Candidate& candidate) { tried.push_back(candidate); }},
           {.threads = 1,
            .progress = Progress([&](double, std::string_view) { return tried.size() < 25; })});
      FAIL() << "it was not stopped";
    } catch (const TuningStopped& stopped) {
      EXPECT_EQ(stopped.so_far.candidates, 25U);
      double best = 0;
      for (const Candidate& candidate : tried) {
        for (const double score : candidate.scores) best = std::max(best, score);
      }
      EXPECT_EQ(stopped.so_far.score, best);
      EXPECT_EQ(stopped.so_far.before, whole.before);
      EXPECT_NO_THROW(validate(stopped.so_far.parameters, 3));
    }
    ASSERT_EQ(tried.size(), 25U);
    std::size_t tried_again = 0;
    const TuningResult resumed = tune(
        subjects(), options, {.tried = [&](const Candidate&) { ++tried_again; }, .known = tried});
    EXPECT_EQ(tried_again + 25, resumed.candidates);
    EXPECT_EQ(to_toml(resumed.parameters), to_toml(whole.parameters));
    EXPECT_EQ(resumed.score, whole.score);
    options.seed = 2;
    EXPECT_THROW(tune(subjects(), options, {.known = tried}), InputError);
  }
}

TEST(Tuning, SearchesForWhatTrainingOnMakesOfASleep) {
  TuningOptions options = small_search();
  options.budget = 60;
  options.moment = Moment::tuned;
  options.doses = {0.5, 2};
  EXPECT_THROW(tune(subjects(), options), ParameterError) << "it says not how long to train on";
  options.further = authors_protocol();
  end_after_updates(options.further, 9);
  std::vector<Candidate> tried;
  const TuningObserver observer = {.tried = [&](const Candidate& c) { tried.push_back(c); }};
  const TuningResult whole = tune(subjects(), options, observer, {.threads = 2});
  EXPECT_EQ(tried.size(), whole.candidates);
  EXPECT_EQ(tried[0].position.size(), 8U) << "with length and dose";
  EXPECT_GE(whole.parameters.dose, 0.5);
  EXPECT_LE(whole.parameters.dose, 2);
  EXPECT_GE(whole.parameters.steps, 50U);
  EXPECT_LE(whole.parameters.steps, 800U);
  EXPECT_GT(whole.score, 0.5) << "far above chance";
  EXPECT_GT(whole.sleeps, 60U) << "those that go on sleep again";
  EXPECT_GT(whole.updates, whole.sleeps);
  // Stopped within a generation it goes on with all of it.
  for (const std::size_t known : {3U, 10U, 13U}) {
    std::size_t tried_again = 0;
    const TuningResult resumed = tune(subjects(), options,
                                      {.tried = [&](const Candidate&) { ++tried_again; },
                                       .known = std::span(tried).first(known)});
    EXPECT_EQ(tried_again + known, resumed.candidates);
    EXPECT_EQ(to_toml(resumed.parameters), to_toml(whole.parameters));
    EXPECT_EQ(resumed.score, whole.score);
    EXPECT_EQ(resumed.updates, whole.updates);
  }
  // One dose is that of all candidates, and not searched.
  options.doses = {0.5};
  options.space.max_steps = 2;
  const TuningResult short_ones = tune(subjects(), options);
  EXPECT_EQ(short_ones.parameters.dose, 0.5);
  EXPECT_GE(short_ones.parameters.steps, 1U);
  options.moment = Moment::slept;
  options.objective = Measure::cross_entropy;
  EXPECT_THROW(tune(subjects(), options), ParameterError);
}

TEST(Tuning, StoppedAtOnceItKnowsNothing) {
  try {
    tune(subjects(), small_search(), {},
         {.progress = Progress([](double, auto) { return false; })});
    FAIL() << "it was not stopped";
  } catch (const TuningStopped& stopped) {
    EXPECT_EQ(stopped.so_far.candidates, 0U);
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

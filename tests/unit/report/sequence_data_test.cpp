#include "report/sequence_data.hpp"

#include <gtest/gtest.h>

#include "base/json_shape.hpp"
#include "report/report_shape.hpp"
#include "report/study_data.hpp"

namespace hypnos {
namespace {

// Right on `right` of twenty samples of four classes.
Metrics metrics(std::uint32_t right) {
  std::vector<std::uint32_t> truth;
  std::vector<std::uint32_t> answers;
  for (std::uint32_t i = 0; i < 20; ++i) {
    truth.push_back(i % 4);
    answers.push_back(i < right ? i % 4 : (i + 1) % 4);
  }
  return measure(truth, answers, 4);
}

StoredTrial make_trial(const Json& choices, std::uint64_t seed) {
  StoredTrial trial;
  trial.id = "some id";
  trial.configuration = {
      {"choices", choices},
      {"seed", seed},
      {"data", "toy"},
      {"sequence",
       {{"learner", choices["learner"]}, {"order", "fixed"}, {"tasks", {{0, 1}, {2, 3}}}}}};
  return trial;
}

Json choices_of(const char* learner, int samples = 100) {
  Json choices = {{"data", "toy"}, {"tasks", "pairs"}, {"learner", learner}};
  if (choices["learner"] != "joint") choices["task_samples"] = samples;
  return choices;
}

// Two tasks; after the second one sleep brings the first back.
StoredTrial slept(std::uint64_t seed, std::uint32_t right, double brought_back) {
  StoredTrial trial = make_trial(choices_of("sleep"), seed);
  trial.outcome.measurements = {{before_sleep, metrics(5)}, {after_sleep, metrics(right)}};
  trial.outcome.sequence = {
      .rows = {{.learned = 1, .before = {1, 0}, .slept = {0.9, 0.1}},
               {.learned = 2, .before = {0.1, 1}, .slept = {brought_back, 0.6}}},
      .stored = 7};
  return trial;
}

StoredTrial awake(const Json& choices, std::uint64_t seed, std::uint32_t right) {
  StoredTrial trial = make_trial(choices, seed);
  trial.outcome.measurements = {{before_sleep, metrics(right)}};
  trial.outcome.sequence = {
      .rows = {{.learned = 1, .before = {1, 0}}, {.learned = 2, .before = {0, 1}}}};
  return trial;
}

StoredTrial joint(std::uint64_t seed, std::uint32_t right) {
  StoredTrial trial = awake(choices_of("joint"), seed, right);
  trial.outcome.sequence = {.rows = {{.learned = 2, .before = {0.9, 0.8}}}, .reads_old = true};
  return trial;
}

const Study toy{.name = "toy", .answers = "?", .plan = "x = 1", .planned = 9};

const Json& group_of(const Json& study, const char* learner) {
  for (const Json& group : study["groups"]) {
    if (group["choices"]["learner"] == learner) return group;
  }
  throw std::out_of_range(learner);
}

TEST(SequenceData, HaveBothMomentsOfEachTask) {
  const std::vector<StoredTrial> trials = {slept(1, 12, 0.6), slept(2, 16, 0.8)};
  const Json sequence = study_data(toy, trials)["groups"][0]["sequence"];
  EXPECT_EQ(sequence["classes"], Json::parse("[[0, 1], [2, 3]]"));
  EXPECT_EQ(sequence["stored"], 7);
  EXPECT_EQ(sequence["reads_old"], false);
  ASSERT_EQ(sequence["rows"].size(), 2U);
  const Json& last = sequence["rows"][1];
  EXPECT_EQ(last["before"]["mean"], Json({0.1, 1.0}));
  EXPECT_EQ(last["slept"]["mean"], Json({0.7, 0.6}));
  EXPECT_EQ(last["slept"]["deviation"], Json({0.14142, 0.0}));
}

TEST(SequenceData, JudgeTheEndWithIntervals) {
  const std::vector<StoredTrial> trials = {slept(1, 12, 0.6), slept(2, 16, 0.8)};
  const Json numbers = study_data(toy, trials)["groups"][0]["sequence"]["numbers"];
  EXPECT_EQ(numbers["accuracy"]["n"], 2);
  EXPECT_EQ(numbers["accuracy"]["mean"], 0.7) << "after the last sleep";
  EXPECT_EQ(numbers["accuracy"]["low"], 0.6);
  EXPECT_EQ(numbers["accuracy"]["high"], 0.8);
  EXPECT_EQ(numbers["mean_of_tasks"]["mean"], 0.65);
  EXPECT_EQ(numbers["forgetting"]["mean"], 0.2);
  EXPECT_EQ(numbers["backward_transfer"]["mean"], -0.2);
}

TEST(SequenceData, CompareSleepSeedBySeed) {
  const std::vector<StoredTrial> trials = {
      slept(1, 12, 0.6),
      slept(2, 16, 0.8),
      awake(choices_of("sequential"), 1, 8),
      awake(choices_of("sequential"), 2, 10),
      awake(choices_of("sequential"), 3, 1),
      awake(choices_of("lda", 50), 1, 20),
      joint(1, 20),
  };
  const Json study = study_data(toy, trials);
  ASSERT_EQ(study["sequence_gains"].size(), 2U) << "LDA saw other samples";
  for (const Json& gain : study["sequence_gains"]) {
    const Json& groups = study["groups"];
    EXPECT_EQ(groups.at(gain["group"].get<std::size_t>())["choices"]["learner"], "sleep");
    const Json& over = groups.at(gain["over"].get<std::size_t>())["choices"]["learner"];
    if (over == "sequential") {
      EXPECT_EQ(gain["n"], 2);
      EXPECT_EQ(gain["mean"], 0.25);
      EXPECT_EQ(gain["low"], 0.2);
      EXPECT_EQ(gain["high"], 0.3);
    } else {
      EXPECT_EQ(over, "joint");
      EXPECT_EQ(gain["mean"], -0.4);
      EXPECT_TRUE(gain["low"].is_null()) << "of one seed";
    }
  }
}

TEST(SequenceData, DoNotPassTheLastSleepForAllOfThem) {
  const std::vector<StoredTrial> trials = {slept(1, 12, 0.6), slept(2, 16, 0.8)};
  const Json study = study_data(toy, trials);
  EXPECT_EQ(study["groups"][0]["gains"], Json::array());
  EXPECT_EQ(study["verdicts"][0]["measures"]["accuracy"]["groups"], 0);
}

TEST(SequenceData, HaveNoClassesWhereSeedsHaveTheirOwnOrder) {
  std::vector<StoredTrial> trials = {slept(1, 12, 0.6)};
  trials[0].configuration["sequence"]["order"] = "random";
  EXPECT_EQ(study_data(toy, trials)["groups"][0]["sequence"]["classes"], Json::array());
}

TEST(SequenceData, DivideClassesThatHaveNoList) {
  std::vector<StoredTrial> trials = {slept(1, 12, 0.6)};
  trials[0].configuration["sequence"]["tasks"] = "pairs";
  EXPECT_EQ(study_data(toy, trials)["groups"][0]["sequence"]["classes"],
            Json::parse("[[0, 1], [2, 3]]"));
}

TEST(SequenceData, AreLeftOutOfTrialsThatFailed) {
  std::vector<StoredTrial> trials = {make_trial(choices_of("sleep"), 1)};
  trials[0].outcome.failure = "sequence: could not";
  const Json study = study_data(toy, trials);
  EXPECT_FALSE(study["groups"][0].contains("sequence"));
  EXPECT_FALSE(study.contains("sequence_gains"));
}

TEST(SequenceData, HaveTheShapeOfReports) {
  const std::vector<StoredTrial> trials = {slept(1, 12, 0.6), awake(choices_of("sequential"), 1, 8),
                                           joint(1, 20)};
  const Json study = study_data(toy, trials);
  EXPECT_EQ(difference_from_shape(study, Json::parse(report_shape)["studies"][0]), "");
  EXPECT_EQ(group_of(study, "joint")["sequence"]["rows"].size(), 1U);
  EXPECT_TRUE(group_of(study, "joint")["sequence"]["numbers"]["forgetting"]["mean"].is_null());
}

}  // namespace
}  // namespace hypnos

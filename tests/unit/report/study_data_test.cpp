#include "report/study_data.hpp"

#include <gtest/gtest.h>

#include "base/json_shape.hpp"
#include "report/report_shape.hpp"

namespace hypnos {
namespace {

// Right on `right` of ten samples of two classes.
Metrics metrics(std::uint32_t right) {
  std::vector<std::uint32_t> truth;
  std::vector<std::uint32_t> answers;
  for (std::uint32_t i = 0; i < 10; ++i) {
    truth.push_back(i % 2);
    answers.push_back(i < right ? i % 2 : 1 - i % 2);
  }
  return measure(truth, answers, 2);
}

StoredTrial make_trial(double fraction, std::uint64_t seed, std::uint32_t before,
                       std::uint32_t after) {
  StoredTrial trial;
  trial.id = "some id";
  trial.configuration = {{"choices", {{"data", "toy"}, {"fraction", fraction}}},
                         {"seed", seed},
                         {"data", "toy"},
                         {"subset", {{"fraction", fraction}, {"seed", seed}}}};
  trial.outcome.samples = 3;
  trial.outcome.measurements = {{before_sleep, metrics(before)}, {after_sleep, metrics(after)}};
  trial.outcome.failure = seed == 1 ? "wake: could not" : "";
  return trial;
}

const Study toy{.name = "toy", .answers = "?", .plan = "x = 1", .planned = 5};

TEST(StudyData, TakeSeedsTogether) {
  const std::vector<StoredTrial> trials = {make_trial(0.1, 1, 5, 7), make_trial(0.1, 2, 5, 9),
                                           make_trial(0.2, 1, 6, 4), make_trial(0.2, 2, 6, 5)};
  const Json data = study_data(toy, trials);
  EXPECT_EQ(data["varying"], Json({"fraction"}));
  EXPECT_EQ(data["constant"][0], Json({"data", "toy"}));
  EXPECT_EQ(data["done"], 4);
  ASSERT_EQ(data["groups"].size(), 2U);
  const Json& group = data["groups"][0];
  EXPECT_EQ(group["seeds"], Json({1, 2}));
  EXPECT_EQ(group["moments"]["after_sleep"]["measures"]["accuracy"]["mean"], 0.8);
  EXPECT_EQ(group["moments"]["after_sleep"]["confusion"], Json::parse("[[4.5, 0.5], [1.5, 3.5]]"));
  EXPECT_EQ(group["moments"]["after_sleep"]["classes"][0]["recall"], 0.9);
  EXPECT_EQ(group["failures"], Json({"wake: could not"}));
  ASSERT_EQ(group["gains"].size(), 1U) << "there is no fine-tuning and no control";
  EXPECT_EQ(group["gains"][0]["measures"]["accuracy"]["mean"], 0.3);
  EXPECT_FALSE(group["configuration"].contains("seed"));
}

TEST(StudyData, SayForBetterOrWorse) {
  const std::vector<StoredTrial> trials = {make_trial(0.1, 1, 5, 7), make_trial(0.1, 2, 5, 9),
                                           make_trial(0.2, 1, 6, 4), make_trial(0.2, 2, 6, 5),
                                           make_trial(0.3, 1, 6, 7)};
  const Json verdict = study_data(toy, trials)["verdicts"][0];
  EXPECT_EQ(verdict["from"], "before");
  EXPECT_EQ(verdict["to"], "after_sleep");
  const Json& accuracy = verdict["measures"]["accuracy"];
  EXPECT_EQ(accuracy["groups"], 3);
  EXPECT_EQ(accuracy["trials"], 5);
  EXPECT_EQ(accuracy["better"], 1) << "one seed alone shows nothing";
  EXPECT_EQ(accuracy["worse"], 1);
  EXPECT_NEAR(accuracy["mean"].get<double>(), (0.3 - 0.15 + 0.1) / 3, 1e-6);
}

TEST(StudyData, HaveTheShapeOfReports) {
  const std::vector<StoredTrial> trials = {make_trial(0.1, 1, 5, 7), make_trial(0.1, 2, 5, 9)};
  const Json shape = Json::parse(report_shape)["studies"][0];
  EXPECT_EQ(difference_from_shape(study_data(toy, trials), shape), "");
}

}  // namespace
}  // namespace hypnos

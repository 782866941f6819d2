#include "hypnos/exports.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace hypnos {
namespace {

StoredTrial make_trial(const std::string& id, const std::string& data) {
  StoredTrial trial;
  trial.id = id;
  trial.configuration = {{"choices", {{"data", data}}}, {"seed", 7}};
  trial.outcome.samples = 3;
  trial.outcome.measurements = {
      {before_sleep, measure(std::vector{0U, 1U}, std::vector{0U, 0U}, 2)}};
  trial.origin = {.program = "0.1", .machine = "abacus", .finished = "today", .numbers = 2};
  return trial;
}

// Two inputs, four outputs.
StoredTrial make_slept(bool looked) {
  StoredTrial trial = make_trial("a", "toy");
  SleepOutcome sleep{.end = "complete", .steps = 10};
  sleep.activity = {{.units = 2, .rate = 0.5}, {.units = 4, .threshold = 7.5}};
  sleep.weights = {{.before = {.deviation = 0.5}, .after = {.mean = 2}, .change = {}}};
  sleep.weights[0].change.strengthened = 2;
  sleep.weights[0].change.size = 1;
  if (looked) sleep.responses = {{.before = {.active = 0.25}, .after = {.active = 0.75}}};
  trial.outcome.sleep = sleep;
  return trial;
}

TEST(Csv, HasAllColumnsOfAllTrials) {
  StoredTrial second = make_trial("b", "a, \"b\"");
  second.outcome.waking_factor = 2.5;
  const std::string csv = trials_csv(std::vector{make_trial("a", "toy"), second});
  EXPECT_EQ(
      csv,
      "id,data,seed,samples,before_accuracy,before_balanced_accuracy,before_macro_f1,"
      "before_geometric_mean,before_worst_recall,failure,program,numbers,machine,finished,gain\n"
      "a,toy,7,3,0.5,0.5,0.3333333333333333,0.0,0.0,,0.1,2,abacus,today,\n"
      "b,\"a, \"\"b\"\"\",7,3,0.5,0.5,0.3333333333333333,0.0,0.0,,0.1,2,abacus,today,2.5\n");
}

TEST(Csv, OfWeightsHasALinePerLayer) {
  const std::string csv = weights_csv(std::vector{make_slept(true)});
  EXPECT_TRUE(csv.starts_with("id,data,seed,layer,synapses,strengthened,")) << csv;
  EXPECT_NE(csv.find("\na,toy,7,1,8.0,0.25,"), std::string::npos) << csv;
  EXPECT_EQ(weights_csv(std::vector{make_trial("a", "toy")}), "\n") << "nothing has slept";
}

TEST(TrialJson, HasEverything) {
  const Json json = to_json(make_slept(true));
  EXPECT_EQ(json["id"], "a");
  EXPECT_TRUE(json["name"].is_null());
  EXPECT_EQ(json["configuration"]["choices"]["data"], "toy");
  EXPECT_EQ(json["measurements"]["before"]["confusion"], Json::parse("[[1, 0], [1, 0]]"));
  EXPECT_EQ(json["sleep"]["activity"][1]["threshold"], 7.5);
  EXPECT_FALSE(json["sleep"]["activity"][0].contains("threshold")) << "the input has none";
  EXPECT_EQ(json["sleep"]["weights"][0]["strengthened"], 2);
  EXPECT_EQ(json["sleep"]["responses"][0]["after"]["active"], 0.75);
  EXPECT_FALSE(json["sleep"]["weights"][0].contains("histogram")) << "it was not kept";
}

TEST(Exports, BriefOnesKeepWhatCanBeVerified) {
  StoredTrial trial = make_slept(true);
  trial.outcome.measurements[0].network_sha256 = "abc";
  trial.outcome.durations = {{"sleep", 1.5}};
  const Json all = results_json({}, std::vector{trial});
  const Json brief = results_json({}, std::vector{trial}, Extent::brief);
  EXPECT_EQ(all["hypnos_results"], 1);
  EXPECT_EQ(all["numbers"][0]["version"], 1);
  EXPECT_TRUE(all["trials"][0].contains("seconds"));
  const Json& kept = brief["trials"][0];
  EXPECT_EQ(kept["measurements"]["before"]["network_sha256"], "abc");
  EXPECT_EQ(kept["measurements"]["before"]["confusion"], Json::parse("[[1, 0], [1, 0]]"));
  EXPECT_EQ(kept["configuration"], all["trials"][0]["configuration"]);
  EXPECT_EQ(kept["sleep"]["activity"].size(), 2U);
  EXPECT_EQ(kept["numbers"], 2);
  EXPECT_FALSE(kept["measurements"]["before"].contains("per_class"));
  EXPECT_FALSE(kept["sleep"].contains("weights"));
  for (const char* of_machine : {"seconds", "machine", "finished"}) {
    EXPECT_FALSE(kept.contains(of_machine)) << of_machine;
  }
}

TEST(Exports, SayWhatIsLeftOfTasksInSequence) {
  StoredTrial trial = make_trial("a", "toy");
  trial.outcome.sequence = {.rows = {{.learned = 1, .before = {0.75, 0}, .slept = {0.5, 0}},
                                     {.learned = 2, .before = {0.25, 1}}},
                            .stored = 20};
  const std::string csv = trials_csv(std::vector{trial});
  EXPECT_NE(csv.find("mean_task_accuracy,backward_transfer,forgetting,learning_accuracy,"
                     "stored_images,reads_old_images"),
            std::string::npos);
  EXPECT_NE(csv.find(",0.625,-0.25,0.25,0.75,20,false,"), std::string::npos) << csv;
  const Json json = to_json(trial)["sequence"];
  EXPECT_EQ(json["forgetting"], 0.25);
  EXPECT_EQ(json["tasks"][0]["after_sleep"], (std::vector{0.5, 0.0}));
  EXPECT_EQ(json["tasks"][1]["before"], (std::vector{0.25, 1.0}));
  EXPECT_FALSE(json["tasks"][1].contains("after_sleep"));
}

}  // namespace
}  // namespace hypnos

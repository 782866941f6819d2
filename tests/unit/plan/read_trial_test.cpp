#include <gtest/gtest.h>

#include <filesystem>

#include "base/json.hpp"
#include "hypnos/error.hpp"
#include "hypnos/plan.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

SleepParameters preset(const std::string& name) {
  return parse_sleep_parameters("source = '" + name +
                                    "'\nsteps = 10\nmax_rate = 48.288650106388275\n"
                                    "threshold = [1, 2.000000000000001, 3]\nalpha_scale = 0.1",
                                name);
}

// Trials of all kinds that studies have, and of options that none has.
TEST(ReadTrial, GivesBackEveryTrialOfEveryStudy) {
  DataSets data;
  std::size_t plans = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(STUDIES_DIR)) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() != ".toml" || path.string().find("parameters") != std::string::npos ||
        path.string().find("features") != std::string::npos) {
      continue;
    }
    const std::vector<Trial> trials = read_plan(path, {}, preset, data).trials;
    EXPECT_FALSE(trials.empty()) << path;
    for (const Trial& trial : trials) {
      const Json sent = Json::parse(text_of(to_json(trial)));
      const Trial found = read_trial(sent);
      ASSERT_EQ(id_of(found), id_of(trial)) << path << text_of(sent);
      ASSERT_EQ(text_of(to_json(found)), text_of(sent)) << path;
      ASSERT_EQ(found.protocol, trial.protocol) << path << text_of(sent);
      ASSERT_EQ(found.sleep, trial.sleep);
      ASSERT_EQ(found.stages, trial.stages) << path << text_of(sent);
    }
    ++plans;
  }
  EXPECT_GT(plans, 10U);
}

TEST(ReadTrial, GivesBackEveryOptionOfASequence) {
  for (const auto& learner : names_of<Learner>) {
    for (const Replay replay : {Replay::append, Replay::released}) {
      if (is_icarl(learner.value) && replay == Replay::released) continue;  // refused
      const bool released = replay == Replay::released;
      Trial trial;
      trial.data = "mnist";
      trial.seed = 18446744073709551615U;
      trial.sequence = SequenceOptions{.learner = learner.value,
                                       .tasks = {{0, 1}, {2}},
                                       .order = TaskOrder::random,
                                       .fraction = 0.1,
                                       .sleep_when = SleepWhen::end,
                                       .calibration = Calibration::first,
                                       .wake = false,
                                       .memory = released ? 0U : 77U,
                                       .replay = replay,
                                       .replay_fraction = released ? 0.3 : 0,
                                       .later_learning_rate = 0.01,
                                       .carry_momentum = false,
                                       .ewc_strength = 3,
                                       .exemplars = Exemplars::random};
      trial.parameters = preset("x");
      EXPECT_EQ(text_of(to_json(read_trial(to_json(trial)))), text_of(to_json(trial)));
      Json wrong = to_json(trial);
      wrong["sequence"]["tasks"] = Json::parse("[[0, 1], [1]]");
      EXPECT_THROW(read_trial(wrong), InputError) << "a class is in two tasks";
    }
  }
}

TEST(ReadTrial, WhatIsNoConfigurationIsRefused) {
  DataSets data;
  const std::filesystem::path plan = std::filesystem::path(STUDIES_DIR) / "quickstart.toml";
  const Json good = to_json(read_plan(plan, {}, preset, data).trials.at(0));
  EXPECT_NO_THROW(read_trial(good));
  EXPECT_THROW(read_trial(Json()), InputError);
  for (const char* part :
       {"seed", "data", "subset", "stages", "hidden", "training", "parameters", "finetuning"}) {
    Json wrong = good;
    wrong.erase(part);
    EXPECT_THROW(read_trial(wrong), InputError) << part;
  }
  Json wrong = good;
  wrong["stages"].push_back("dream");
  EXPECT_EQ(test::message_of<InputError>([&] { read_trial(wrong); }),
            "this is no configuration of a trial: \"dream\" is no stage");
  wrong = good;
  wrong["training"]["magic"] = 1;
  EXPECT_THROW(read_trial(wrong), InputError);
  for (const char* hidden : {"[]", "[8, 0]", "[-1]", "\"many\""}) {
    wrong = good;
    wrong["hidden"] = Json::parse(hidden);
    EXPECT_THROW(read_trial(wrong), InputError) << hidden;
  }
  wrong = good;
  wrong["parameters"] = "steps = 10\nthreshold = [1]\nalpha_scale = 1";
  EXPECT_THROW(read_trial(wrong), InputError) << "it has three layers";
  wrong = good;
  wrong["seed"] = -1;
  EXPECT_THROW(read_trial(wrong), InputError);
}

}  // namespace
}  // namespace hypnos

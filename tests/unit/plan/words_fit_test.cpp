#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/json.hpp"
#include "hypnos/plan.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

SleepParameters some_parameters(const std::string& name) {
  return parse_sleep_parameters(
      "steps = 10\nmax_rate = 48\nthreshold = [1, 2, 3]\nalpha_scale = 0.1", name);
}

// Another value of the same type.
Json another(const Json& value) {
  if (value.is_boolean()) return !value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>() + 1;
  if (value.is_number()) return value.get<double>() / 2 + 0.015625;
  if (value.is_array()) {
    Json longer = value;
    longer.push_back(7);
    return longer;
  }
  if (value == "authors") return "modern";
  if (value == "mnist") return "fashion-mnist";
  return value.get<std::string>() + "x";
}

// Keys that no study has.
constexpr const char* other_keys = R"(
answers = "x"
data = "mnist"
[[variant]]
per_class = 7
keep = { 1 = 0.001, 3 = 0.33 }
layout = "last"
range = "as-is"
first_label = 1
normalize = [0.5, 0.25]
sleep = "any"
sleep_parameters = { rule = "sigmoid", bias = "current", steps = [5, 6], patch = 0, dose = 0.5 }
distort = "blur=2"
pretrain = "fashion-mnist"
pretrain_fraction = 0.5
pretrain_epochs = 1
finetune_updates = 3
[[variant]]
normalize = "standardize"
stages = ["wake", "finetune"]
[[variant]]
stages = ["control"]
[[variant]]
tasks = [[0, 1], [2, 3]]
task_order = "random"
task_fraction = 0.5
sleep = "any"
sleep_growth = 2
sleep_when = ["each", "end"]
calibration = "first"
later_learning_rate = 0.01
carry_momentum = false
ewc_strength = 3
against = ["waking", "ewc", "joint", "lda"]
[[variant]]
tasks = "halves"
sleep = "any"
replay = "released"
replay_fraction = 0.3
against = ["sequential"]
)";

// One trial of each configuration that studies have, and of each in other_keys.
std::vector<Trial> trials_of_all_kinds() {
  const test::TemporaryFolder folder;
  std::vector<std::filesystem::path> plans = {folder / "plan.toml"};
  test::write_text(plans[0], other_keys);
  for (const auto& entry : std::filesystem::directory_iterator(STUDIES_DIR)) {
    if (entry.path().extension() == ".toml") plans.push_back(entry.path());
  }
  DataSets data;
  std::vector<Trial> all;
  std::set<std::string> known;
  for (const std::filesystem::path& plan : plans) {
    for (const Trial& trial : read_plan(plan, {}, some_parameters, data).trials) {
      if (known.insert(text_of(trial.choices)).second) all.push_back(trial);
    }
  }
  return all;
}

TEST(WordsFit, ThoseOfEveryStudyDo) {
  std::size_t trials = 0;
  for (const Trial& trial : trials_of_all_kinds()) {
    // As results have it.
    EXPECT_TRUE(words_fit(read_trial(Json::parse(text_of(to_json(trial))))))
        << text_of(to_json(trial));
    ++trials;
  }
  EXPECT_GT(trials, 200U);
}

TEST(WordsFit, NoWordMayBeAnother) {
  std::set<std::string> changed;
  for (const Trial& trial : trials_of_all_kinds()) {
    for (const auto& [key, value] : trial.choices.items()) {
      // The name of the sleep's parameters; they themselves are in the configuration.
      if (key == "sleep") continue;
      // It has no effect without the stage.
      const bool trains_on = trial.stages.finetune || trial.stages.control;
      if (key == "finetune_learning_rate" && !trains_on) continue;
      Trial other = trial;
      other.choices[key] = another(value);
      EXPECT_FALSE(words_fit(other)) << key << " " << text_of(other.choices);
      changed.insert(key);
    }
    Trial more = trial;
    if (trial.choices.contains("protocol")) {
      more.choices["learning_rate"] = 0.123;
      EXPECT_FALSE(words_fit(more)) << text_of(more.choices);
    }
    more.choices = Json{{"a", Json::parse("[[1]]")}};
    EXPECT_FALSE(words_fit(more));
  }
  EXPECT_GT(changed.size(), 20U);
}

TEST(WordsFit, NoWordMayBeAdded) {
  const std::vector<std::pair<const char*, const char*>> more = {
      {"epochs", "[1, 500]"},         {"data", "[\"mnist\", \"fashion-mnist\"]"},
      {"learner", "\"icarl\""},       {"stages", "[\"control\"]"},
      {"pretrain_epochs", "500"},     {"hidden_layers", "9"},
      {"keep", "\"1=0.5 } # ,2=1\""}, {"a", "[[1]]"},
      {"finetune_epochs", "3"},       {"memory", "3"}};
  for (const Trial& trial : trials_of_all_kinds()) {
    for (const auto& [key, text] : more) {
      const Json value = Json::parse(text);
      if (trial.choices.contains(key) && trial.choices[key] == value) continue;
      Trial other = trial;
      other.choices[key] = value;
      EXPECT_FALSE(words_fit(other)) << key << " " << text_of(other.choices);
    }
    if (trial.stages.sleep) continue;
    Trial asleep = trial;
    asleep.choices["sleep"] = "any";
    EXPECT_FALSE(words_fit(asleep)) << text_of(asleep.choices);
  }
}

// A link that lies where the data were is no other data.
TEST(WordsFit, DoNotDependOnTheFilesOfThisMachine) {
  const test::TemporaryFolder folder;
  Trial trial = trials_of_all_kinds().front();
  trial.data = (folder / "data.npz").string();
  trial.data_sha256 = "a";
  trial.choices["data"] = trial.data;
  EXPECT_TRUE(words_fit(trial));
  test::write_text(folder / "other", "");
  std::filesystem::create_symlink("other", folder / "data.npz");
  EXPECT_TRUE(words_fit(trial));
}

// As older programs wrote them.
TEST(WordsFit, OlderWordsDo) {
  std::size_t found = 0;
  for (Trial trial : trials_of_all_kinds()) {
    if (trial.choices.value("rule", "") == "sigmoid") {
      trial.choices["rule"] = "'sigmoid'";
    } else if (trial.choices.value("learner", "") == "waking" &&
               trial.choices.contains("sleep_when")) {
      trial.choices.erase("sleep_when");
    } else {
      continue;
    }
    EXPECT_TRUE(words_fit(trial)) << text_of(trial.choices);
    ++found;
  }
  EXPECT_GE(found, 2U);
}

}  // namespace
}  // namespace hypnos

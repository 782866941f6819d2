#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/json.hpp"
#include "hypnos/plan.hpp"

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

// One trial of each configuration that studies have, and the trials of a plan of other keys.
std::vector<Trial> trials_of_all_kinds() {
  DataSets data;
  std::vector<Trial> all;
  std::set<std::string> known;
  for (const auto& entry : std::filesystem::directory_iterator(STUDIES_DIR)) {
    if (entry.path().extension() != ".toml") continue;
    for (const Trial& trial : read_plan(entry.path(), {}, some_parameters, data).trials) {
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

}  // namespace
}  // namespace hypnos

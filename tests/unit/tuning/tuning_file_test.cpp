#include "hypnos/tuning_file.hpp"

#include <gtest/gtest.h>

#include "hypnos/sleep_parameters.hpp"

namespace hypnos {
namespace {

TuningResult result() {
  TuningResult r;
  r.parameters.steps = 700;
  r.parameters.increment = 0.001;
  r.parameters.firing = TargetRates{{0.01, 0.02}};
  r.parameters.input_gain = GainScale{1};
  r.before = 0.5;
  r.score = 0.625;
  r.subject_before = {0.4, 0.6};
  r.candidates = 20;
  return r;
}

TEST(TuningFile, IsAParameterFileWhoseTableASleepPassesOver) {
  const std::string text = to_toml(
      result(), {.cautious = true},
      {.command = "tune \"a b\"", .on = "folds", .search = "{}", .program = "1", .seconds = 7});
  const SleepParameters read = parse_sleep_parameters(text, "tuned.toml");
  EXPECT_EQ(read.steps, 700U);
  EXPECT_EQ(std::get<TargetRates>(read.firing).values, (std::vector<double>{0.01, 0.02}));
  EXPECT_FALSE(read.source.empty());
}

TEST(TuningFile, SaysHowTheParametersWereFound) {
  const std::string text = to_toml(result(), {.objective = Measure::balanced_accuracy},
                                   {.command = "tune \"a b\"",
                                    .on = "folds",
                                    .search = "{\"x\":1}",
                                    .program = "1",
                                    .seconds = 7});
  for (const char* line :
       {"[tuned]\n", "command = \"tune \\\"a b\\\"\"\n", "objective = \"balanced-accuracy\"\n",
        "search = \"cma-es\"\n", "on = \"folds\"\n", "networks = 2\n", "candidates = 20\n",
        "before = 0.50000\n", "after = 0.62500\n", "seconds = 7\n",
        "configuration = \"{\\\"x\\\":1}\"\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "is not in\n" << text;
  }
}

}  // namespace
}  // namespace hypnos

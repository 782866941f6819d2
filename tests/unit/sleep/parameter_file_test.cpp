#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

std::string parse_error(const std::string& text) {
  return test::message_of<FileError>([&] { parse_sleep_parameters(text, "p.toml"); });
}

std::string validation_error(const std::string& text) {
  return test::message_of<ParameterError>(
      [&] { validate(parse_sleep_parameters(text, "p.toml"), 3); });
}

const std::string good =
    "rule = 'sigmoid'\nsteps = 100\nmax_rate = 50\nthreshold = [1, 2.5, 3]\nalpha_scale = 2.0\n"
    "increment = 0.01\ndecrement = 1e-3\n";

TEST(SleepParameters, ReadsWhatIsThereAndKeepsTheOtherDefaults) {
  const SleepParameters p = parse_sleep_parameters(good, "p.toml");
  EXPECT_EQ(p.rule, Rule::sigmoid);
  EXPECT_EQ(p.steps, 100U);
  EXPECT_EQ(std::get<Thresholds>(p.firing).values, (std::vector<double>{1, 2.5, 3}));
  EXPECT_EQ(std::get<GainScale>(p.input_gain).value, 2);
  EXPECT_EQ(p.decay, 0.999);
  EXPECT_EQ(p.patch, 11U);
  EXPECT_NO_THROW(validate(p, 3));
}

TEST(SleepParameters, TextIsReadBackTheSame) {
  const SleepParameters p = parse_sleep_parameters(
      good + "source = 'say \"hi\" \\ there'\nbias = 'current'\ninhibition = 0.5\ndose = 1.5\n",
      "p.toml");
  const std::string text = to_toml(p);
  EXPECT_EQ(to_toml(parse_sleep_parameters(text, "again")), text);
  EXPECT_EQ(parse_sleep_parameters(text, "again").source, p.source);
  EXPECT_EQ(parse_sleep_parameters(text, "again").max_rate, 50);
  EXPECT_EQ(parse_sleep_parameters(text, "again").dose, 1.5);
}

TEST(SleepParameters, NamesUnknownKeysAndTheNearestKnownOne) {
  EXPECT_EQ(parse_error("treshold = [1]"),
            "p.toml: treshold: is not a sleep parameter; did you mean threshold?");
  EXPECT_EQ(parse_error("dec = 1"), "p.toml: dec: is not a sleep parameter; did you mean decay?");
}

TEST(SleepParameters, RefusesWrongTypes) {
  EXPECT_EQ(parse_error("steps = -1"), "p.toml: steps: must be a whole number, 0 or more");
  EXPECT_EQ(parse_error("steps = 1.5"), "p.toml: steps: must be a whole number, 0 or more");
  EXPECT_EQ(parse_error("threshold = 3"),
            "p.toml: threshold: must be a list of numbers, one per layer");
  EXPECT_EQ(parse_error("rule = 'stdp'"),
            "p.toml: rule: must be \"tadros2022\", \"sigmoid\" or \"hebbian\"");
  EXPECT_EQ(parse_error("steps 5").substr(0, 15), "p.toml: line 1:");
  EXPECT_EQ(parse_error("steps = 9\n[{0.1steps =source = 'x'\n"), "p.toml: is not TOML");
  EXPECT_EQ(parse_error("\u00e9 = 1").substr(0, 15), "p.toml: line 1:");
}

TEST(SleepParameters, RefusesValuesOutOfRange) {
  EXPECT_EQ(validation_error(good + "decay = 1.5"), "decay: 1.5 is not in [0, 1]");
  EXPECT_EQ(validation_error(good + "time_step = nan"), "time_step: nan is not positive");
  EXPECT_EQ(validation_error("steps = 5\nthreshold = [1, 2]\nalpha_scale = 1"),
            "threshold: has 2 values for a network of 3 layers; give one per layer");
  EXPECT_EQ(validation_error("steps = 5\nthreshold = [1, -2, 3]\nalpha_scale = 1"),
            "threshold: -2 is not positive");
  EXPECT_EQ(validation_error("threshold = [1, 2, 3]"), "steps: is missing or 0");
  EXPECT_EQ(validation_error("steps = 5\nalpha_scale = 1"),
            "threshold: is missing, and so is target_rate; give one of them");
  EXPECT_EQ(validation_error("steps = 5\nthreshold = [1, 2, 3]"),
            "alpha_scale: is missing, and so is alpha; give one of them");
  EXPECT_NO_THROW(
      validate(parse_sleep_parameters("steps = 5\ntarget_rate = [0, 0, 0]", "p.toml"), 3));
}

TEST(SleepParameters, RefusesTwoWaysToSayTheSame) {
  EXPECT_EQ(parse_error(good + "alpha = [1, 2, 3]"),
            "p.toml: alpha: cannot be combined with alpha_scale");
  EXPECT_EQ(parse_error(good + "target_rate = [1, 2, 3]"),
            "p.toml: target_rate: cannot be combined with threshold");
}

TEST(SleepParameters, SettingsChangeOneParameter) {
  SleepParameters p = parse_sleep_parameters(good, "p.toml");
  apply_setting(p, "steps=7");
  apply_setting(p, "threshold=[4, 5]");
  apply_setting(p, "rule=hebbian");
  EXPECT_EQ(p.steps, 7U);
  EXPECT_EQ(std::get<Thresholds>(p.firing).values, (std::vector<double>{4, 5}));
  EXPECT_EQ(p.rule, Rule::hebbian);
  apply_setting(p, "alpha=[1, 2, 3]");
  EXPECT_EQ(std::get<GivenGains>(p.input_gain).values, (std::vector<double>{1, 2, 3}));
  apply_setting(p, "alpha_scale=3");
  EXPECT_EQ(std::get<GainScale>(p.input_gain).value, 3);
  apply_setting(p, "target_rate=[0.1, 0.2]");
  EXPECT_EQ(std::get<TargetRates>(p.firing).values, (std::vector<double>{0.1, 0.2}));
  EXPECT_THROW(apply_setting(p, "steps"), InputError);
  EXPECT_THROW(apply_setting(p, "stepz=3"), InputError);
  EXPECT_THROW(apply_setting(p, "steps=many"), InputError);
}

}  // namespace
}  // namespace hypnos

#include "hypnos/trial_groups.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "hypnos/error.hpp"
#include "support/trials.hpp"

namespace hypnos {
namespace {

using test::make_trial;

TEST(Groups, AreTrialsThatDifferInTheirSeed) {
  const std::vector<StoredTrial> trials = {
      make_trial(0.1, 2, 0.5, 0.6), make_trial(0.01, 1, 0.1, 0.3), make_trial(0.1, 1, 0.3, 0.5),
      make_trial(0.1, 3, 0.7, -1)};
  const auto groups = group_by_configuration(trials);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].choices["fraction"], 0.01);
  ASSERT_EQ(groups[1].trials.size(), 3U);
  EXPECT_EQ(groups[1].trials[0], &trials[2]) << "in the order of their seeds";
  const Columns columns = columns_of(groups);
  EXPECT_EQ(columns.varying, std::vector<std::string>{"fraction"});
  EXPECT_EQ(columns.constant, std::vector<std::string>{"data"});
  EXPECT_EQ(values_at(groups[1], before_sleep, measure_of(&Metrics::accuracy)),
            (std::vector<double>{0.3, 0.5, 0.7}));
  const Improvement found =
      improvement_between(groups[1], before_sleep, after_sleep, measure_of(&Metrics::accuracy));
  EXPECT_EQ(found.summary.n, 2U) << "only trials that have both";
  EXPECT_DOUBLE_EQ(found.summary.mean, 0.15);
  EXPECT_DOUBLE_EQ(found.interval.low, 0.5 - 0.5 + 0.6 - 0.5);
  EXPECT_TRUE(std::isnan(
      improvement_between(groups[1], before_sleep, control, measure_of(&Metrics::accuracy))
          .summary.mean));
}

TEST(Groups, MeasureUnderDistortions) {
  std::vector<StoredTrial> trials = {make_trial(0.1, 1, 0.5, 0.6), make_trial(0.1, 2, 0.5, 0.6)};
  const auto distorted = [](const char* distortion, double accuracy) {
    DistortedMetrics found{.distortion = distortion, .metrics = {}};
    found.metrics.accuracy = accuracy;
    return found;
  };
  trials[0].outcome.measurements[0].distorted = {distorted("blur=2", 0.25),
                                                 distorted("shift=1", 0.75)};
  trials[1].outcome.measurements[0].distorted = {distorted("blur=2", 0.125)};
  const TrialGroup group{.choices = {}, .id = {}, .trials = {&trials[0], &trials[1]}};
  const auto values = [&](const char* name) {
    return values_at(group, before_sleep, find_measure(name));
  };
  EXPECT_EQ(values("accuracy"), (std::vector<double>{0.5, 0.5}));
  EXPECT_EQ(values("accuracy@blur=2"), (std::vector<double>{0.25, 0.125}));
  EXPECT_EQ(values("accuracy@shift=1"), (std::vector<double>{0.75}));
  EXPECT_EQ(values("accuracy@distorted"), (std::vector<double>{0.5, 0.125}));
  EXPECT_TRUE(values("cross_entropy@blur=2").empty());
  for (const char* name : {"", "acuracy", "@blur=2", "cut_recall@blur=2"}) {
    EXPECT_THROW(find_measure(name), ParameterError) << name;
  }
}

TEST(Groups, MeasureTheClassesThatWereCut) {
  std::vector<StoredTrial> trials = {make_trial(0.1, 1, 0.5, 0.6), make_trial(0.1, 2, 0.5, 0.6)};
  for (StoredTrial& trial : trials) {
    for (Measurement& m : trial.outcome.measurements) {
      m.metrics.per_class = {{.recall = 0.1}, {.recall = 0.2}, {.recall = 0.4}};
    }
  }
  trials[0].configuration["subset"]["keep"] = {{"0", 1.0}, {"1", 0.5}, {"2", 0.1}};
  trials[0].outcome.measurements[1].metrics.per_class[2].recall = 0.8;
  const TrialGroup group{.choices = {}, .id = {}, .trials = {&trials[0], &trials[1]}};
  EXPECT_EQ(values_at(group, after_sleep, cut_recall()), std::vector<double>{0.5})
      << "none of the trial with whole classes";
  const Improvement found = improvement_between(group, before_sleep, after_sleep, cut_recall());
  EXPECT_EQ(found.summary.n, 1U);
  EXPECT_DOUBLE_EQ(found.summary.mean, 0.2);
}

StoredTrial make_named(const std::string& name, double fraction, int epochs, std::uint64_t seed) {
  StoredTrial trial = make_trial(fraction, seed, 0.5, 0.6);
  trial.name = name;
  trial.configuration["choices"]["epochs"] = epochs;
  trial.configuration["training"] = {{"epochs", epochs}};
  return trial;
}

TEST(Groups, WithNamesAreInThePlansOrderAndToldApartByThem) {
  const std::vector<StoredTrial> trials = {
      make_named("zero", 0.1, 0, 1), make_named("zero", 0.01, 0, 1), make_named("all", 0.1, 9, 1),
      make_named("all", 0.01, 9, 1)};
  const auto groups = group_by_configuration(trials);
  ASSERT_EQ(groups.size(), 4U);
  EXPECT_EQ(groups[0].choices["name"], "zero");
  EXPECT_EQ(groups[0].choices["fraction"], 0.01);
  EXPECT_EQ(groups[1].choices["name"], "all");
  EXPECT_EQ(groups[3].choices["name"], "all");
  EXPECT_EQ(columns_of(groups).varying, (std::vector<std::string>{"name", "fraction"}));
}

TEST(Groups, ShowAllThatDiffersWhereNamesDoNotSuffice) {
  const std::vector<StoredTrial> trials = {make_named("one", 0.1, 0, 1),
                                           make_named("one", 0.1, 9, 1)};
  EXPECT_EQ(columns_of(group_by_configuration(trials)).varying, std::vector<std::string>{"epochs"});
}

TEST(Groups, MayBeOfTrialsThatSayNothingOfTheirSubset) {
  std::vector<StoredTrial> trials = {make_trial(0.1, 1, 0.5, 0.6), make_trial(0.1, 2, 0.5, 0.6)};
  for (StoredTrial& trial : trials) trial.configuration.erase("subset");
  EXPECT_EQ(group_by_configuration(trials).size(), 1U);
}

}  // namespace
}  // namespace hypnos

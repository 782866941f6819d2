#include "results/sequences_table.hpp"

#include <gtest/gtest.h>

#include "support/trials.hpp"

namespace hypnos {
namespace {

StoredTrial make_sequence(const std::string& learner, std::uint64_t seed, double left) {
  const bool asleep = learner == "sleep";
  StoredTrial trial = test::make_trial(1, seed, asleep ? 0.2 : left, asleep ? left : -1);
  trial.configuration["choices"] = {{"learner", learner}, {"tasks", "pairs"}};
  trial.configuration["sequence"] = {{"learner", learner}};
  trial.outcome.sequence = {
      .rows = {{.learned = 1, .before = {0.75, 0}}, {.learned = 2, .before = {left - 0.5, 1}}},
      .stored = 200,
      .reads_old = learner == "joint"};
  return trial;
}

TEST(SequencesTable, ShowsTheEnd) {
  const std::vector<StoredTrial> trials = {
      make_sequence("sleep", 1, 0.75), make_sequence("sleep", 2, 0.5),
      make_sequence("sequential", 1, 0.5), test::make_trial(0.5, 1, 0.5, 0.6)};
  const std::vector<TrialGroup> all = group_by_configuration(trials);
  const std::vector<TrialGroup> groups = sequences_in(all);
  ASSERT_EQ(groups.size(), 2U);
  const Cells rows = sequences_table(groups, columns_of(groups));
  EXPECT_EQ(rows[0],
            (Cells::value_type{"learner", "n", "old images read", "accuracy", "mean of tasks",
                               "learning accuracy", "backward transfer", "forgetting"}));
  EXPECT_EQ(rows[1], (Cells::value_type{"sequential", "1", "200", "0.500", "0.500", "0.875",
                                        "-0.750", "0.750"}));
  EXPECT_EQ(rows[2], (Cells::value_type{"sleep", "2", "200", "0.625 ± 0.177", "0.562 ± 0.088",
                                        "0.875 ± 0.000", "-0.625 ± 0.177", "0.625 ± 0.177"}));
}

TEST(SequencesTable, SaysWhatReadsOldImages) {
  const std::vector<StoredTrial> trials = {make_sequence("joint", 1, 0.75)};
  const std::vector<TrialGroup> groups = group_by_configuration(trials);
  EXPECT_EQ(sequences_table(groups, columns_of(groups))[1][1], "all");
}

}  // namespace
}  // namespace hypnos

#include "results/weights_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hypnos {
namespace {

// A network with two inputs and four outputs, of whose weights `strengthened` became larger.
StoredTrial make_trial(std::uint64_t seed, std::size_t strengthened, bool looked) {
  StoredTrial trial;
  trial.configuration = {
      {"choices", {{"data", "toy"}}}, {"seed", seed}, {"subset", {{"seed", seed}}}};
  SleepOutcome sleep{.end = "complete", .steps = 10};
  sleep.activity = {{.units = 2}, {.units = 4}};
  sleep.weights = {{.before = {.deviation = 0.5}, .after = {.sparsity = 0.5}, .change = {}}};
  sleep.weights[0].change.strengthened = strengthened;
  sleep.weights[0].change.size = 1;
  if (looked) sleep.responses = {{.before = {.active = 0.25}, .after = {.active = 0.75}}};
  trial.outcome.sleep = sleep;
  return trial;
}

std::string cell(const Cells& rows, const std::string& head) {
  const auto at = std::find(rows[0].begin(), rows[0].end(), head);
  return at == rows[0].end() ? "no column"
                             : rows[1].at(static_cast<std::size_t>(at - rows[0].begin()));
}

Cells table_of(const std::vector<StoredTrial>& trials) {
  const auto groups = group_by_configuration(trials);
  return weights_table(groups, columns_of(groups));
}

TEST(WeightsTable, HasMeansOverSeedsOfEachLayer) {
  const Cells rows = table_of({make_trial(1, 2, true), make_trial(2, 4, true)});
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(cell(rows, "layer"), "1");
  EXPECT_EQ(cell(rows, "n"), "2");
  EXPECT_EQ(cell(rows, "strengthened"), "0.375 ± 0.177") << "of 8 weights";
  EXPECT_EQ(cell(rows, "mean change"), "2.000 ± 0.000") << "in deviations of the weights before";
  EXPECT_EQ(cell(rows, "active after"), "0.750 ± 0.000");
}

TEST(WeightsTable, LeavesOutWhatNobodyLookedAt) {
  const Cells rows = table_of({make_trial(1, 2, false)});
  EXPECT_EQ(cell(rows, "strengthened"), "0.250");
  EXPECT_EQ(cell(rows, "mean change"), "no column");
  EXPECT_EQ(cell(rows, "active after"), "no column");
}

TEST(WeightsTable, IsEmptyWhereNothingHasSlept) {
  StoredTrial trial = make_trial(1, 2, false);
  trial.outcome.sleep.reset();
  EXPECT_TRUE(table_of({trial}).empty());
}

}  // namespace
}  // namespace hypnos

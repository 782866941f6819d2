#include "results/results_table.hpp"

#include <gtest/gtest.h>

#include "support/trials.hpp"

namespace hypnos {
namespace {

using test::make_trial;

Cells table_of(const std::vector<StoredTrial>& trials) {
  const auto groups = group_by_configuration(trials);
  return results_table(groups, columns_of(groups), measure_of(&Metrics::accuracy));
}

TEST(ResultsTable, HasMeansAndImprovements) {
  const Cells rows = table_of(
      {make_trial(0.1, 1, 0.5, 0.7), make_trial(0.1, 2, 0.3, 0.5), make_trial(0.2, 1, 0.5, -1)});
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0],
            (std::vector<std::string>{"fraction", "n", "before", "after sleep", "sleep - before"}))
      << "there is no fine-tuning and no control";
  EXPECT_EQ(rows[1], (std::vector<std::string>{"0.1", "2", "0.400 ± 0.141", "0.600 ± 0.141",
                                               "+0.200 [+0.200, +0.200]"}));
  EXPECT_EQ(rows[2], (std::vector<std::string>{"0.2", "1", "0.500", "", ""}));
}

TEST(ResultsTable, SaysHowManyTrialsHaveAValueWhereNotAllHave) {
  const Cells rows = table_of({make_trial(0.1, 1, 0.5, 0.7), make_trial(0.1, 2, 0.3, -1)});
  EXPECT_EQ(rows[1].at(2), "0.700 (n 1)");
  EXPECT_EQ(rows[1].at(3), "+0.200 (n 1)");
}

TEST(ResultsTable, TellsGroupsThatLookAlikeApartByTheirIds) {
  std::vector<StoredTrial> trials = {make_trial(0.1, 1, 0.5, -1), make_trial(0.1, 1, 0.3, -1)};
  trials[1].configuration["parameters"] = "steps = 2";
  const Cells rows = table_of(trials);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].at(0), "id");
  EXPECT_NE(rows[1].at(0), rows[2].at(0));
}

}  // namespace
}  // namespace hypnos

// Databases that earlier versions have written.

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <cmath>

#include "hypnos/database.hpp"
#include "results/schema.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

// What the first version of Hypnos wrote.
void write_version_1(const std::filesystem::path& path, const std::string& id) {
  SQLite::Database database(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec(schema_steps[0]);
  database.exec("PRAGMA application_id = " + std::to_string(application_id));
  database.exec("PRAGMA user_version = 1");
  database.exec("INSERT INTO trials VALUES ('" + id +
                "', '{\"choices\":{},\"seed\":1}', 'toy', NULL, NULL, NULL, 'authors', 10, 'any', "
                "1, 3, 'complete', 7, 1, "
                "NULL, '0.1', 'abacus', 'today')");
  database.exec("INSERT INTO activity VALUES ('" + id + "', 0, 4, 9, 0.1, NULL), ('" + id +
                "', 1, 2, 1, 0.01, 7.5)");
  database.exec("INSERT INTO weights VALUES ('" + id +
                "', 'before', 1, 1, 1, 0, 2, 1, 1, NULL, NULL), ('" + id +
                "', 'after_sleep', 1, 1, 1, 0, 2, 1, 1, 5, 6)");
  database.exec("INSERT INTO studies VALUES ('fig', 'why', 'a = 1')");
  database.exec("INSERT INTO planned VALUES ('fig', 0, '" + id + "')");
}

TEST(OlderDatabase, OfTheFirstVersionIsReadAsItIsAndThenMigrated) {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "r.sqlite";
  const std::string id(64, 'a');
  write_version_1(path, id);
  const auto version = [&] {
    SQLite::Database database(path.string());
    return database.execAndGet("PRAGMA user_version").getInt();
  };
  const auto expect_trial = [&](const Database& database) {
    ASSERT_TRUE(database.has(id));
    const StoredTrial trial = database.trials("fig").at(0);
    EXPECT_EQ(trial.name, "");
    EXPECT_EQ(trial.outcome.sleep->weights.at(0).change.weakened, 6U);
    EXPECT_TRUE(trial.outcome.sleep->weights.at(0).histogram_after.counts.empty());
    EXPECT_TRUE(trial.outcome.sleep->responses.empty());
    EXPECT_TRUE(trial.outcome.fitted.empty());
    EXPECT_EQ(database.studies().at(0).done, 1U);
  };
  expect_trial(Database(path, Database::Access::read));
  expect_trial(Database(path, Database::Access::look));
  EXPECT_EQ(version(), 1) << "who only reads changes nothing";
  for (int time = 0; time < 2; ++time) {
    Database database(path, Database::Access::write);
    expect_trial(database);
    database.store({.id = std::string(63, 'b') + std::to_string(time),
                    .configuration = {{"choices", Json::object()}, {"seed", time}},
                    .data = "toy",
                    .seed = static_cast<std::uint64_t>(time)},
                   Outcome(), {.program = "0.1", .machine = "abacus", .finished = "today"});
    EXPECT_EQ(version(), schema_version);
  }
  EXPECT_EQ(Database(path, Database::Access::read).trials().size(), 3U);
}

// What versions 2 to 5 kept as a row for each number.
TEST(OlderDatabase, ListsOfOlderTablesAreReadAsTheyAreAndThenMigrated) {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "r.sqlite";
  const std::string id(64, 'a');
  write_version_1(path, id);
  {
    SQLite::Database database(path.string(), SQLite::OPEN_READWRITE);
    for (std::size_t step = 1; step < 5; ++step) database.exec(schema_steps.at(step));
    database.exec("PRAGMA user_version = 5");
    database.exec("INSERT INTO weight_changes VALUES ('" + id + "', 1, 1, 1, 0.5, 1, 1, 1, 1)");
    for (const char* moment : {"before", "after_sleep"}) {
      const std::string row = "'" + id + "', '" + moment + "', 1, ";
      // More than ten, so that their order as text is another.
      for (int bin = 0; bin < 12; ++bin) {
        const std::string low = std::to_string(0.1 * bin);
        const std::string high = std::to_string(0.1 * (bin + 1));
        database.exec("INSERT INTO weight_histograms VALUES (" + row + std::to_string(bin) + ", " +
                      low + ", " + high + ", " + std::to_string(7 * bin) + ")");
      }
      const std::string at = "'" + id + "', '" + moment + "', ";
      database.exec("INSERT INTO measurements VALUES (" + at + "5, 0.4, 0.4, 0.4, 0, NULL, NULL, " +
                    "NULL, NULL)");
      database.exec("INSERT INTO classes VALUES (" + at + "0, 3, 3, 0.5, 0.5, 0.5), (" + at +
                    "1, 2, 2, 0.5, 0.5, 0.5)");
      database.exec("INSERT INTO confusions VALUES (" + at + "0, 0, 1), (" + at + "0, 1, 2), (" +
                    at + "1, 0, 2), (" + at + "1, 1, 0)");
      database.exec("INSERT INTO responses VALUES (" + row + "2, 0.5, 0.1, 0.1, NULL)");
      database.exec("INSERT INTO class_correlations VALUES (" + row + "0, 0, 1), (" + row +
                    "0, 1, 0.1), (" + row + "1, 0, -0.33333333333333331), (" + row + "1, 1, NULL)");
    }
  }
  const auto check = [&](const Database& database) {
    const Outcome outcome = database.trials().at(0).outcome;
    EXPECT_EQ(outcome.metrics_at(after_sleep)->confusion.counts,
              (std::vector<std::uint64_t>{1, 2, 2, 0}));
    const SleepOutcome sleep = outcome.sleep.value();
    const WeightHistogram& histogram = sleep.weights.at(0).histogram_after;
    EXPECT_EQ(histogram.counts,
              (std::vector<std::size_t>{0, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77}));
    EXPECT_EQ(histogram.low, 0);
    EXPECT_DOUBLE_EQ(histogram.high, 1.2);
    const std::vector<double>& correlations = sleep.responses.at(0).before.correlations;
    ASSERT_EQ(correlations.size(), 4U);
    EXPECT_EQ(correlations[0], 1);
    EXPECT_EQ(correlations[1], 0.1);
    EXPECT_EQ(correlations[2], -1.0 / 3) << "to the last bit";
    EXPECT_TRUE(std::isnan(correlations[3]));
  };
  check(Database(path, Database::Access::read));
  check(Database(path, Database::Access::write));
  check(Database(path, Database::Access::read));
}

}  // namespace
}  // namespace hypnos

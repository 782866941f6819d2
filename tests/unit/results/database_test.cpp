#include "hypnos/database.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <cmath>

#include "hypnos/error.hpp"
#include "hypnos/exports.hpp"
#include "results/schema.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

TrialRecord make_trial(std::uint64_t seed) {
  return {.id = std::string(63, 'b') + std::to_string(seed),
          .configuration = {{"choices", {{"data", "toy"}}}, {"seed", seed}},
          .data = "toy",
          .protocol = "authors",
          .seed = seed};
}

Outcome make_outcome() {
  Outcome outcome{.samples = 3,
                  .measurements = {},
                  .sleep = {},
                  .waking_factor = 61.5,
                  .durations = {},
                  .failure = "wake: no"};
  const std::vector<std::uint32_t> truth = {0, 0, 1, 2};
  const std::vector<std::uint32_t> answers = {0, 1, 1, 0};
  outcome.measurements = {{before_sleep, measure(truth, answers, 3)},
                          {after_sleep, measure(truth, truth, 3)}};
  Measurement& before = outcome.measurements[0];
  before.network_sha256 = "0123abcd";
  before.metrics.probabilities = {
      .cross_entropy = 1.25, .calibration_error = 0.125, .roc_area = 0.75};
  before.distorted = {{"blur=2", before.metrics}, {"contrast=0.5", measure(truth, truth, 3)}};
  before.distorted[0].metrics.probabilities->roc_area.reset();
  outcome.sleep = SleepOutcome{.end = "complete", .steps = 7};
  outcome.sleep->activity = {{.units = 4, .spikes = 9, .rate = 0.1}, {2, 1, 0.01, 7.5}};
  outcome.sleep->weights = {
      {.before = {.mean = 1, .high = 2}, .after = {.low = -1}, .change = {5, 6}}};
  LayerWeights& weights = outcome.sleep->weights[0];
  weights.change.strengthened_strongly = 3;
  weights.change.of_top_1pct = 0.25;
  weights.histogram_before = {.low = -1, .high = 3, .counts = {7, 0, 2, 1}};
  weights.histogram_after = {.low = -1, .high = 3, .counts = {1, 2, 3, 4}};
  const double nothing = std::nan("");
  outcome.sleep->responses = {
      {.before = {.units = 2,
                  .correlations = {1, nothing, nothing, 1},
                  .class_correlation = nothing},
       .after = {.units = 2, .active = 0.5, .correlations = {1, -0.5, -0.5, 1}}}};
  outcome.sequence = {.rows = {{.learned = 1, .before = {0.5, 0}, .slept = {0.25, 0.5}},
                               {.learned = 2, .before = {0.125, 1}}},
                      .stored = 200,
                      .reads_old = true};
  outcome.fitted = {{"ridge", 0.01}};
  outcome.durations = {{"sleep", 0.5}, {"train", 2.5}};
  return outcome;
}

const Origin origin = {
    .program = "0.1", .machine = "abacus", .finished = "2026-01-01T00:00:00Z", .numbers = 3};

TEST(Database, GivesBackWhatWasStored) {
  const test::TemporaryFolder folder;
  const std::string id = make_trial(1).id;
  {
    Database database(folder / "r.sqlite", Database::Access::write);
    EXPECT_FALSE(database.has(id));
    database.store(make_trial(1), make_outcome(), origin);
    EXPECT_TRUE(database.has(id));
  }
  const Database database(folder / "r.sqlite", Database::Access::read);
  EXPECT_EQ(database.ids(), std::set{id});
  const StoredTrial trial = database.trials().at(0);
  EXPECT_EQ(trial.id, id);
  EXPECT_EQ(trial.configuration, make_trial(1).configuration);
  EXPECT_EQ(trial.origin.machine, "abacus");
  EXPECT_EQ(trial.origin.numbers, 3);
  EXPECT_EQ(trial.outcome.measurement_at(before_sleep)->network_sha256, "0123abcd");
  EXPECT_EQ(trial.outcome.measurement_at(after_sleep)->network_sha256, "");
  const Outcome expected = make_outcome();
  EXPECT_EQ(trial.outcome.samples, 3U);
  EXPECT_EQ(trial.outcome.waking_factor, 61.5);
  EXPECT_EQ(trial.outcome.failure, "wake: no");
  ASSERT_NE(trial.outcome.metrics_at(before_sleep), nullptr);
  EXPECT_EQ(trial.outcome.metrics_at(control), nullptr);
  const Metrics& m = *trial.outcome.metrics_at(before_sleep);
  EXPECT_EQ(m.accuracy, expected.measurements[0].metrics.accuracy);
  EXPECT_EQ(m.macro_f1, expected.measurements[0].metrics.macro_f1);
  EXPECT_EQ(m.confusion.counts, expected.measurements[0].metrics.confusion.counts);
  EXPECT_EQ(m.per_class[1].precision, 0.5);
  EXPECT_EQ(m.worst_recall, 0);
  ASSERT_TRUE(m.probabilities.has_value());
  EXPECT_EQ(m.probabilities->cross_entropy, 1.25);
  EXPECT_EQ(m.probabilities->calibration_error, 0.125);
  EXPECT_EQ(m.probabilities->roc_area, 0.75);
  EXPECT_FALSE(trial.outcome.metrics_at(after_sleep)->probabilities.has_value());
  EXPECT_EQ(trial.outcome.metrics_at(after_sleep)->worst_recall, 1);
  const auto& distorted = trial.outcome.measurement_at(before_sleep)->distorted;
  ASSERT_EQ(distorted.size(), 2U);
  EXPECT_EQ(distorted[0].distortion, "blur=2");
  EXPECT_EQ(distorted[0].metrics.accuracy, m.accuracy);
  EXPECT_EQ(distorted[0].metrics.probabilities->cross_entropy, 1.25);
  EXPECT_FALSE(distorted[0].metrics.probabilities->roc_area.has_value());
  EXPECT_EQ(distorted[1].metrics.worst_recall, 1);
  EXPECT_FALSE(distorted[1].metrics.probabilities.has_value());
  EXPECT_EQ(trial.outcome.sleep->steps, 7U);
  EXPECT_EQ(trial.outcome.sleep->activity[1].rate, 0.01);
  EXPECT_EQ(trial.outcome.sleep->activity[1].threshold, 7.5);
  EXPECT_FALSE(trial.outcome.sleep->activity[0].threshold);
  EXPECT_EQ(trial.outcome.sleep->weights[0].before.high, 2);
  EXPECT_EQ(trial.outcome.sleep->weights[0].after.low, -1);
  EXPECT_EQ(trial.outcome.sleep->weights[0].change.weakened, 6U);
  const LayerWeights& weights = trial.outcome.sleep->weights[0];
  EXPECT_EQ(weights.change.strengthened, 5U);
  EXPECT_EQ(weights.change.strengthened_strongly, 3U);
  EXPECT_EQ(weights.change.of_top_1pct, 0.25);
  EXPECT_EQ(weights.histogram_after.counts, (std::vector<std::size_t>{1, 2, 3, 4}));
  EXPECT_EQ(weights.histogram_before.counts[0], 7U);
  EXPECT_EQ(weights.histogram_before.low, -1);
  EXPECT_EQ(weights.histogram_before.high, 3);
  const LayerResponses& responses = trial.outcome.sleep->responses.at(0);
  EXPECT_TRUE(std::isnan(responses.before.class_correlation));
  EXPECT_TRUE(std::isnan(responses.before.correlations[1]));
  EXPECT_EQ(responses.after.correlations, (std::vector<double>{1, -0.5, -0.5, 1}));
  EXPECT_EQ(responses.after.active, 0.5);
  EXPECT_EQ(trial.outcome.sequence->rows, expected.sequence->rows);
  EXPECT_EQ(trial.outcome.sequence->stored, 200U);
  EXPECT_TRUE(trial.outcome.sequence->reads_old);
  EXPECT_EQ(trial.outcome.fitted.at(0).name, "ridge");
  EXPECT_EQ(trial.outcome.fitted.at(0).value, 0.01);
  EXPECT_EQ(trial.outcome.durations[1].what, "train");
}

// All rows of all tables.
std::vector<std::string> rows_of(const std::filesystem::path& path) {
  const SQLite::Database database(path.string(), SQLite::OPEN_READONLY);
  std::vector<std::string> rows;
  SQLite::Statement table(database, "SELECT name FROM sqlite_master WHERE type = 'table'");
  while (table.executeStep()) {
    const std::string name = table.getColumn(0);
    SQLite::Statement row(database, "SELECT * FROM " + name);
    while (row.executeStep()) {
      std::string text = name;
      for (int c = 0; c < row.getColumnCount(); ++c) {
        text += std::string("|") + (row.isColumnNull(c) ? "-" : row.getColumn(c).getText());
      }
      rows.push_back(text);
    }
  }
  return rows;
}

TEST(Database, AnOutcomeThatWentByJsonLeavesTheSameRows) {
  const test::TemporaryFolder folder;
  const Json sent = Json::parse(to_json(make_outcome()).dump());
  Database(folder / "here", Database::Access::write).store(make_trial(1), make_outcome(), origin);
  Database(folder / "sent", Database::Access::write)
      .store(make_trial(1), read_outcome(sent), origin);
  EXPECT_GT(rows_of(folder / "here").size(), 20U);
  EXPECT_EQ(rows_of(folder / "sent"), rows_of(folder / "here"));
}

TEST(Database, WhatIsNoOutcomeIsRefused) {
  const Json good = to_json(make_outcome());
  EXPECT_NO_THROW(read_outcome(Json::parse(good.dump())));
  EXPECT_THROW(read_outcome(Json::array()), InputError);
  for (const char* part : {"samples", "failure"}) {
    Json wrong = good;
    wrong.erase(part);
    EXPECT_THROW(read_outcome(wrong), InputError) << part;
  }
  Json wrong = good;
  wrong["measurements"]["before"]["confusion"][0].erase(0);
  EXPECT_THROW(read_outcome(wrong), InputError) << "a row of the confusion matrix is too short";
  wrong = good;
  wrong["sleep"]["weights"][0]["before"].erase("mean");
  EXPECT_THROW(read_outcome(wrong), InputError);
}

TEST(Database, RefusesAccuraciesOfTasksThatDoNotFit) {
  const auto error_after = [](const std::string& sql) {
    const test::TemporaryFolder folder;
    Database(folder / "r.sqlite", Database::Access::write)
        .store(make_trial(1), make_outcome(), origin);
    SQLite::Database(folder / "r.sqlite", SQLite::OPEN_READWRITE).exec(sql);
    return test::message_of<FileError>(
        [&] { Database(folder / "r.sqlite", Database::Access::read).trials(); });
  };
  EXPECT_EQ(error_after("UPDATE task_accuracies SET accuracy = 0.75"), "no error");
  for (const char* sql :
       {"UPDATE task_accuracies SET accuracy = 1.5", "DELETE FROM task_accuracies",
        "UPDATE task_accuracies SET moment = 'then' WHERE learned = 2",
        "DELETE FROM task_accuracies WHERE learned = 2 AND task = 2",
        "UPDATE task_accuracies SET learned = 9 WHERE learned = 2"}) {
    EXPECT_NE(error_after(sql).find("is damaged"), std::string::npos) << sql;
  }
}

TEST(Database, RefusesColumnsThatContradictTheConfiguration) {
  const auto error_after = [](const std::string& sql) {
    const test::TemporaryFolder folder;
    TrialRecord trial = make_trial(1);
    trial.configuration["data"] = "toy";
    trial.configuration["subset"] = {{"fraction", 0.5}, {"seed", 1}};
    trial.fraction = 0.5;
    Database(folder / "r.sqlite", Database::Access::write).store(trial, make_outcome(), origin);
    SQLite::Database(folder / "r.sqlite", SQLite::OPEN_READWRITE).exec(sql);
    return test::message_of<FileError>(
        [&] { Database(folder / "r.sqlite", Database::Access::read).trials(); });
  };
  EXPECT_EQ(error_after("UPDATE trials SET fraction = 0.5"), "no error");
  for (const char* sql :
       {"UPDATE trials SET fraction = 0.9", "UPDATE trials SET seed = 77",
        "UPDATE trials SET data = 'other'", "UPDATE trials SET per_class = 5",
        "UPDATE trials SET keep = '1=0.5'", "UPDATE trials SET fraction = NULL"}) {
    EXPECT_NE(error_after(sql).find("in its configuration"), std::string::npos) << sql;
  }
}

// SQLite itself takes such a name for no file.
TEST(Database, IsAFileWhateverItsName) {
  EXPECT_THROW(Database("", Database::Access::write), InputError);
  const test::TemporaryFolder folder;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder / "");
  for (const char* name : {":memory:", "file:x?mode=memory"}) {
    Database(name, Database::Access::write).store(make_trial(1), make_outcome(), origin);
    EXPECT_EQ(Database(name, Database::Access::read).trials().size(), 1U) << name;
    EXPECT_TRUE(std::filesystem::exists(folder / name)) << name;
  }
  std::filesystem::current_path(before);
}

TEST(Database, SaysWhoMustMakeRoom) {
  const test::TemporaryFolder folder;
  Database(folder / "r.sqlite", Database::Access::write)
      .store(make_trial(1), make_outcome(), origin);
  SQLite::Database other(folder / "r.sqlite", SQLite::OPEN_READWRITE);
  other.exec("BEGIN EXCLUSIVE");
  const std::string message = test::message_of<SystemError>(
      [&] { Database(folder / "r.sqlite", Database::Access::read).trials(); });
  EXPECT_NE(message.find("another program holds it"), std::string::npos) << message;
}

TEST(Database, TheFirstOfTwoCopiesOfAPlanKeepsItsName) {
  const test::TemporaryFolder folder;
  const std::string first = (folder / "first.toml").string();
  const std::string copy = (folder / "copy.toml").string();
  for (const std::string& file : {first, copy}) test::write_text(file, "a = 1");
  Database database(folder / "r.sqlite", Database::Access::write);
  const auto note = [&](const std::string& plan, const std::string& path) {
    database.note({.name = "fig", .answers = "why", .plan = plan, .trials = {}, .path = path});
  };
  note("a = 1", first);
  note("a = 1", copy);
  EXPECT_THROW(note("a = 2", copy), StudyNameError);
  note("a = 3", first);
  std::filesystem::rename(first, copy);
  note("a = 3", copy);
  note("a = 4", copy);  // moved
}

TEST(Database, NamesBelongToThePlan) {
  const test::TemporaryFolder folder;
  Database database(folder / "r.sqlite", Database::Access::write);
  database.note({.name = "fig",
                 .answers = "why",
                 .plan = "a = 1",
                 .trials = {{.id = make_trial(1).id, .name = "the first"}}});
  database.store(make_trial(1), make_outcome(), origin);
  EXPECT_EQ(database.trials("fig").at(0).name, "the first");
  EXPECT_EQ(database.trials().at(0).name, "");
}

TEST(Database, KnowsItsStudies) {
  const test::TemporaryFolder folder;
  Database database(folder / "r.sqlite", Database::Access::write);
  StudyRecord record{.name = "fig", .answers = "why", .plan = "a = 1"};
  for (const std::uint64_t seed : {3U, 2U, 1U}) record.trials.push_back({make_trial(seed).id});
  database.note(record);
  database.store(make_trial(1), make_outcome(), origin);
  database.store(make_trial(3), make_outcome(), origin);
  database.store(make_trial(9), make_outcome(), origin);
  const Study study = database.studies().at(0);
  EXPECT_EQ(study.answers, "why");
  EXPECT_EQ(study.planned, 3U);
  EXPECT_EQ(study.done, 2U);
  const auto trials = database.trials("fig");
  ASSERT_EQ(trials.size(), 2U);
  EXPECT_EQ(trials[0].id, make_trial(3).id) << "in the plan's order";
  EXPECT_EQ(database.trials().size(), 3U);
  record.trials.pop_back();
  database.note(record);
  EXPECT_EQ(database.studies().at(0).planned, 2U);
}

TEST(Database, KeepsStudiesOfOneNameApart) {
  const test::TemporaryFolder folder;
  Database database(folder / "r.sqlite", Database::Access::write);
  const auto note = [&](const char* plan, const char* path) {
    database.note({.name = "fig", .answers = "why", .plan = plan, .trials = {}, .path = path});
  };
  note("a = 1", "/a/fig.toml");
  EXPECT_NO_THROW(note("a = 2", "/a/fig.toml")) << "the plan has changed";
  EXPECT_NO_THROW(note("a = 2", "/b/fig.toml")) << "the plan has moved";
  try {
    note("a = 3", "/a/fig.toml");
    ADD_FAILURE() << "it is another plan";
  } catch (const StudyNameError& error) {
    EXPECT_EQ(error.study(), "fig");
    EXPECT_EQ(error.path(), "/b/fig.toml");
  }
  EXPECT_EQ(database.study("fig").plan, "a = 2");
}

TEST(Database, NamesTheStudiesThatItKnows) {
  const test::TemporaryFolder folder;
  Database database(folder / "r.sqlite", Database::Access::write);
  database.note({.name = "fig", .answers = "why", .plan = ""});
  database.note({.name = "appendix", .answers = "how", .plan = ""});
  EXPECT_EQ(database.study("fig").answers, "why");
  try {
    static_cast<void>(database.study("fgi"));
    ADD_FAILURE() << "there is no such study";
  } catch (const UnknownStudyError& error) {
    EXPECT_EQ(error.study(), "fgi");
    EXPECT_EQ(error.known(), (std::vector<std::string>{"appendix", "fig"}));
    EXPECT_EQ(error.what(), "there is no study \"fgi\" in " + database.path().string() +
                                "; studies: appendix, fig");
  }
}

TEST(Database, ReadingCanBeStopped) {
  const test::TemporaryFolder folder;
  Database database(folder / "r.sqlite", Database::Access::write);
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    database.store(make_trial(seed), make_outcome(), origin);
  }
  int told = 0;
  const Progress progress([&](double, std::string_view) { return ++told < 2; });
  EXPECT_THROW(static_cast<void>(database.trials({}, progress)), Stopped);
  EXPECT_EQ(told, 2);
  EXPECT_EQ(database.trials().size(), 3U) << "and can be done again";
}

TEST(Database, RefusesWhatIsNotOne) {
  const test::TemporaryFolder folder;
  test::write_text(folder / "text", std::string(2000, 'x'));
  const auto open = [&](const char* name, Database::Access access) {
    return test::message_of<FileError>([&] { const Database database(folder / name, access); });
  };
  for (const auto access : {Database::Access::read, Database::Access::write}) {
    EXPECT_NE(open("text", access).find("is not a results database"), std::string::npos);
  }
  test::write_text(folder / "empty", "");
  EXPECT_NE(open("empty", Database::Access::read).find("has no results yet"), std::string::npos);
  EXPECT_TRUE(Database(folder / "empty", Database::Access::look).ids().empty());
  EXPECT_EQ(open("empty", Database::Access::write), "no error");
  EXPECT_NE(open("nothing", Database::Access::read).find("no such file"), std::string::npos);
  EXPECT_NE(open("no/folder", Database::Access::write).find("there is no folder"),
            std::string::npos);
}

}  // namespace
}  // namespace hypnos

#include "study/database.hpp"

#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

Trial make_trial(std::uint64_t seed) {
  Trial trial;
  trial.data = "toy";
  trial.protocol = "authors";
  trial.seed = seed;
  trial.choices = {{"data", "toy"}};
  return trial;
}

Outcome make_outcome() {
  Outcome outcome{.samples = 3,
                  .measurements = {},
                  .sleep = {},
                  .gain = 61.5,
                  .durations = {},
                  .failure = "wake: no"};
  const std::vector<std::uint32_t> truth = {0, 0, 1, 2};
  const std::vector<std::uint32_t> answers = {0, 1, 1, 0};
  outcome.measurements = {{before_sleep, measure(truth, answers, 3)},
                          {after_sleep, measure(truth, truth, 3)}};
  outcome.sleep = SleepOutcome{.end = "complete", .steps = 7};
  outcome.sleep->activity = {{.units = 4, .spikes = 9, .rate = 0.1}, {2, 1, 0.01, 7.5}};
  outcome.sleep->weights = {
      {.before = {.mean = 1, .high = 2}, .after = {.low = -1}, .change = {5, 6}}};
  outcome.durations = {{"sleep", 0.5}, {"train", 2.5}};
  return outcome;
}

const Origin origin = {.program = "0.1", .machine = "abacus", .finished = "2026-01-01T00:00:00Z"};

TEST(Database, GivesBackWhatWasStored) {
  const test::TemporaryFolder folder;
  const std::string id = id_of(make_trial(1));
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
  EXPECT_EQ(trial.configuration, to_json(make_trial(1)));
  EXPECT_EQ(trial.origin.machine, "abacus");
  const Outcome expected = make_outcome();
  EXPECT_EQ(trial.outcome.samples, 3U);
  EXPECT_EQ(trial.outcome.gain, 61.5);
  EXPECT_EQ(trial.outcome.failure, "wake: no");
  ASSERT_NE(trial.outcome.at(before_sleep), nullptr);
  EXPECT_EQ(trial.outcome.at(control), nullptr);
  const Metrics& m = *trial.outcome.at(before_sleep);
  EXPECT_EQ(m.accuracy, expected.measurements[0].metrics.accuracy);
  EXPECT_EQ(m.macro_f1, expected.measurements[0].metrics.macro_f1);
  EXPECT_EQ(m.confusion.counts, expected.measurements[0].metrics.confusion.counts);
  EXPECT_EQ(m.per_class[1].precision, 0.5);
  EXPECT_EQ(trial.outcome.sleep->steps, 7U);
  EXPECT_EQ(trial.outcome.sleep->activity[1].rate, 0.01);
  EXPECT_EQ(trial.outcome.sleep->activity[1].threshold, 7.5);
  EXPECT_FALSE(trial.outcome.sleep->activity[0].threshold);
  EXPECT_EQ(trial.outcome.sleep->weights[0].before.high, 2);
  EXPECT_EQ(trial.outcome.sleep->weights[0].after.low, -1);
  EXPECT_EQ(trial.outcome.sleep->weights[0].change.weakened, 6U);
  EXPECT_EQ(trial.outcome.durations[1].what, "train");
}

TEST(Database, KnowsItsStudies) {
  const test::TemporaryFolder folder;
  Database database(folder / "r.sqlite", Database::Access::write);
  Plan plan{.name = "fig", .answers = "why", .text = "a = 1", .trials = {}};
  for (const std::uint64_t seed : {3U, 2U, 1U}) plan.trials.push_back(make_trial(seed));
  database.note(plan);
  database.store(make_trial(1), make_outcome(), origin);
  database.store(make_trial(3), make_outcome(), origin);
  database.store(make_trial(9), make_outcome(), origin);
  const Study study = database.studies().at(0);
  EXPECT_EQ(study.answers, "why");
  EXPECT_EQ(study.planned, 3U);
  EXPECT_EQ(study.done, 2U);
  const auto trials = database.trials("fig");
  ASSERT_EQ(trials.size(), 2U);
  EXPECT_EQ(trials[0].id, id_of(make_trial(3))) << "in the plan's order";
  EXPECT_EQ(database.trials().size(), 3U);
  plan.trials.pop_back();
  database.note(plan);
  EXPECT_EQ(database.studies().at(0).planned, 2U);
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
  EXPECT_EQ(open("empty", Database::Access::write), "no error");
  EXPECT_NE(open("nothing", Database::Access::read).find("no such file"), std::string::npos);
  EXPECT_NE(open("no/folder", Database::Access::write).find("there is no folder"),
            std::string::npos);
}

}  // namespace
}  // namespace hypnos

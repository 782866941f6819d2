#include "hypnos/tuning_journal.hpp"

#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "hypnos/tuning_file.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

TEST(TuningJournal, GoesOnWhereItWas) {
  const test::TemporaryFolder folder;
  const auto path = folder / "x.search";
  const TuningJournal first(path, "{\"seed\":1}");
  EXPECT_TRUE(first.known().empty());
  EXPECT_FALSE(std::filesystem::exists(path)) << "made with the first candidate";
  first.add({.position = {0.1, 0.25}, .scores = {1.0 / 3}});
  first.add({.position = {0.5, 0.75}, .scores = {2.0 / 3}});
  const TuningJournal second(path, "{\"seed\":1}");
  ASSERT_EQ(second.known().size(), 2U);
  EXPECT_EQ(second.known()[0].position, (std::vector<double>{0.1, 0.25}));
  EXPECT_EQ(second.known()[1].scores, (std::vector<double>{2.0 / 3})) << "to the bit";
  second.remove();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TuningJournal, RefusesAnotherSearch) {
  const test::TemporaryFolder folder;
  TuningJournal(folder / "x", "a").add({.position = {0}, .scores = {0}});
  EXPECT_THROW(TuningJournal(folder / "x", "b"), FileError);
}

TEST(TuningJournal, DropsALineThatWasCutOff) {
  const test::TemporaryFolder folder;
  const auto path = folder / "x";
  TuningJournal(path, "a").add({.position = {0.5}, .scores = {1}});
  const std::string whole = test::read_text(path);
  test::write_text(path, whole + "{\"position\":[0.");
  EXPECT_EQ(TuningJournal(path, "a").known().size(), 1U);
  EXPECT_EQ(test::read_text(path), whole);
  test::write_text(path, "a");
  TuningJournal(path, "ab").add({.position = {0.5}, .scores = {1}});
  EXPECT_EQ(TuningJournal(path, "ab").known().size(), 1U) << "the first line was cut off";
  test::write_text(path, "a\n{\"position\"\n");
  EXPECT_THROW(TuningJournal(path, "a"), FileError);
}

TEST(TuningFile, IsAParameterFileThatSaysHowItWasFound) {
  TuningResult result{.parameters = {},
                      .before = 0.25,
                      .score = 0.5,
                      .subject_before = {0.25},
                      .subject_score = {0.5},
                      .candidates = 40};
  result.parameters = parse_sleep_parameters(
      "steps = 100\nmax_rate = 50\nthreshold = [1, 2]\nalpha_scale = 1\n", "test");
  const std::string text = to_toml(result, {.objective = Objective::balanced_accuracy},
                                   {.command = "hypnos tune \"a b\"",
                                    .on = "folds",
                                    .search = "{\"x\":1}",
                                    .program = "0.2",
                                    .seconds = 3});
  const SleepParameters read = parse_sleep_parameters(text, "tuned");
  EXPECT_EQ(read.steps, 100U);
  EXPECT_NE(text.find("[tuned]\ncommand = \"hypnos tune \\\"a b\\\"\"\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("objective = \"balanced-accuracy\"\n"), std::string::npos);
  EXPECT_NE(text.find("after = 0.50000\n"), std::string::npos);
}

}  // namespace
}  // namespace hypnos

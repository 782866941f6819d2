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
  {
    TuningJournal first(path, "{\"seed\":1}");
    EXPECT_TRUE(first.known().empty());
    first.add({.position = {0.1, 0.25}, .scores = {1.0 / 3}});
    first.add({.position = {0.5, 0.75}, .scores = {2.0 / 3}});
  }
  TuningJournal second(path, "{\"seed\":1}");
  ASSERT_EQ(second.known().size(), 2U);
  EXPECT_EQ(second.known()[0].position, (std::vector<double>{0.1, 0.25}));
  EXPECT_EQ(second.known()[1].scores, (std::vector<double>{2.0 / 3})) << "to the bit";
  second.remove();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TuningJournal, WithoutACandidateLeavesNoFile) {
  const test::TemporaryFolder folder;
  static_cast<void>(TuningJournal(folder / "x", "a"));
  EXPECT_FALSE(std::filesystem::exists(folder / "x"));
}

TEST(TuningJournal, OfASearchThatCouldNotBeWrittenBeginsAnew) {
  const test::TemporaryFolder folder;
  for (const char* left : {"", "{", "{\"seed\":1}"}) {
    test::write_text(folder / "x", left);
    TuningJournal journal(folder / "x", "{\"seed\":1}");
    EXPECT_TRUE(journal.known().empty());
    journal.add({.position = {0.5}, .scores = {1}});
    EXPECT_EQ(test::read_text(folder / "x"),
              "{\"seed\":1}\n{\"position\":[0.5],\"scores\":[1.0]}\n");
  }
}

TEST(TuningJournal, IsUsedByOneSearchAtATime) {
  const test::TemporaryFolder folder;
  TuningJournal journal(folder / "x", "a");
  const auto second = [&] { const TuningJournal another(folder / "x", "a"); };
  EXPECT_NE(test::message_of<FileError>(second).find("is in use by another search"),
            std::string::npos);
  journal.add({.position = {0}, .scores = {0}});
  EXPECT_THROW(second(), FileError);
}

TEST(TuningJournal, RefusesAnotherSearch) {
  const test::TemporaryFolder folder;
  TuningJournal(folder / "x", "a").add({.position = {0}, .scores = {0}});
  EXPECT_THROW(TuningJournal(folder / "x", "b"), FileError);
  test::write_text(folder / "y", "no journal at all");
  EXPECT_THROW(TuningJournal(folder / "y", "b"), FileError);
  EXPECT_EQ(test::read_text(folder / "y"), "no journal at all");
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

}  // namespace
}  // namespace hypnos

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

}  // namespace
}  // namespace hypnos

#include "base/atomic_file.hpp"

#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using test::TemporaryFolder;

std::size_t files_in(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder),
                                                std::filesystem::directory_iterator()));
}

TEST(WriteFile, ReplacesTheContentAndLeavesNothingElse) {
  const TemporaryFolder folder;
  write_file(folder / "file", "first");
  write_file(folder / "file", "second");
  EXPECT_EQ(test::read_text(folder / "file"), "second");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(WriteFile, FollowsSymbolicLinks) {
  const TemporaryFolder folder;
  write_file(folder / "real", "old");
  std::filesystem::create_symlink(folder / "real", folder / "link");
  write_file(folder / "link", "new");
  EXPECT_EQ(test::read_text(folder / "real"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
}

TEST(WriteFile, ReportsAFullDisk) {
  const std::string message =
      test::message_of<SystemError>([] { write_file("/dev/full", "something"); });
  EXPECT_NE(message.find("No space left"), std::string::npos) << message;
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST(WriteFile, ReportsAMissingFolder) {
  const TemporaryFolder folder;
  EXPECT_THROW(write_file(folder / "none/file", "x"), SystemError);
}

TEST(CheckWritable, SaysEarlyWhatCannotBeWritten) {
  const TemporaryFolder folder;
  EXPECT_NO_THROW(check_writable(folder / "file"));
  EXPECT_NO_THROW(check_writable("/dev/null"));
  EXPECT_THROW(check_writable(folder.path()), FileError);
  EXPECT_THROW(check_writable(folder / "none/file"), FileError);
}

}  // namespace
}  // namespace hypnos

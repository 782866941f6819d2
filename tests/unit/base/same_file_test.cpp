#include "base/same_file.hpp"

#include <gtest/gtest.h>

#include "hypnos/error.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

class SameFile : public testing::Test {
 protected:
  SameFile() {
    std::filesystem::create_directory(folder / "deep");
    test::write_text(folder / "file", "x");
    test::write_text(folder / "other", "x");
  }
  const test::TemporaryFolder folder;
};

TEST_F(SameFile, IsKnownByAnyOfItsNames) {
  std::filesystem::create_symlink("file", folder / "link");
  std::filesystem::create_hard_link(folder / "file", folder / "hard");
  std::filesystem::create_directory_symlink("deep", folder / "also");
  for (const char* name : {"file", "link", "hard", "deep/../file", "also/../file", "./file"}) {
    EXPECT_TRUE(is_same_file(folder / "file", folder / name)) << name;
    EXPECT_TRUE(is_same_file(folder / name, folder / "file")) << name;
  }
  EXPECT_FALSE(is_same_file(folder / "file", folder / "other"));
}

TEST_F(SameFile, IsKnownBeforeItIsThere) {
  std::filesystem::create_symlink("deep/new", folder / "link");
  std::filesystem::create_directory_symlink("deep", folder / "also");
  for (const char* name : {"deep/new", "link", "also/new", "deep/../deep/new"}) {
    EXPECT_TRUE(is_same_file(folder / "deep/new", folder / name)) << name;
  }
  EXPECT_FALSE(is_same_file(folder / "deep/new", folder / "new"));
  EXPECT_FALSE(is_same_file(folder / "deep/new", folder / "file"));
  EXPECT_TRUE(is_same_file("new", std::filesystem::current_path() / "new"));
}

TEST_F(SameFile, DevicesLoseNothing) {
  EXPECT_FALSE(is_same_file("/dev/null", "/dev/null"));
}

TEST_F(SameFile, LinksThatLeadRoundAreRefused) {
  std::filesystem::create_symlink("b", folder / "a");
  std::filesystem::create_symlink("a", folder / "b");
  EXPECT_THROW(follow_links(folder / "a"), FileError);
}

}  // namespace
}  // namespace hypnos

#include "base/whole_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "hypnos/error.hpp"
#include "support/files.hpp"

namespace hypnos {
namespace {

using test::message_of;

TEST(ReadFile, GivesAllBytes) {
  const test::TemporaryFolder folder;
  for (const std::size_t length : {0U, 1U, 4095U, 4096U, 100'000U}) {
    std::string content(length, 'x');
    for (std::size_t i = 0; i < length; ++i) content[i] = static_cast<char>(i % 251);
    test::write_text(folder / "file", content);
    EXPECT_EQ(read_file(folder / "file"), content) << length;
  }
}

TEST(ReadFile, ReadsFilesThatSayTheyAreEmpty) {
  EXPECT_NE(read_file("/proc/self/status").find("Name:"), std::string::npos);
}

TEST(ReadFile, ReadsPipes) {
  const test::TemporaryFolder folder;
  const std::filesystem::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string content(200'000, 'y');
  const std::jthread writer([&] { test::write_text(pipe, content); });
  EXPECT_EQ(read_file(pipe), content);
}

TEST(ReadFile, RefusesWhatIsNoFile) {
  const test::TemporaryFolder folder;
  const auto refused = [](const std::filesystem::path& path) {
    return message_of<FileError>([&] { read_file(path); });
  };
  EXPECT_EQ(refused(folder / "none"), (folder / "none").string() + ": there is no such file");
  EXPECT_EQ(refused(folder.path()), folder.path().string() + ": is a folder; name a file");
  EXPECT_EQ(refused("/dev/zero"), "/dev/zero: is not a file");
}

}  // namespace
}  // namespace hypnos

#include "base/shell.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "support/files.hpp"

namespace hypnos {
namespace {

// What bash prints.
std::string output_of(const std::filesystem::path& folder, const std::string& command) {
  test::write_text(folder / "script", command);
  std::FILE* shell = ::popen(("cd " + folder.string() + " && bash script").c_str(), "r");
  std::string output;
  std::array<char, 256> some{};
  while (const std::size_t count = std::fread(some.data(), 1, some.size(), shell)) {
    output.append(some.data(), count);
  }
  ::pclose(shell);
  return output;
}

// Texts that would like to be more than text.
const std::vector<std::string> hostile = {"",
                                          "it's $HOME",
                                          "$(touch harm)",
                                          "`touch harm`",
                                          "'; touch harm; '",
                                          "a\ntouch harm\nb",
                                          "END\ntouch harm",
                                          "END_\nEND\ntouch harm\n",
                                          "\x1b[201~\rtouch harm\r",
                                          "\xc2\x9b'!touch\\",
                                          "~/*? #\t\"",
                                          "\xe2\x82\xac 100%"};

TEST(Shell, WordsStayOneWord) {
  EXPECT_EQ(shell_word("a-b/c.d=1,2"), "a-b/c.d=1,2");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_word("a\x1b]"), "$'a\\x1b]'");
  const test::TemporaryFolder folder;
  for (const std::string& text : hostile) {
    EXPECT_EQ(output_of(folder.path(), "printf '[%s]' " + shell_word(text)), "[" + text + "]");
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "harm"));
}

TEST(Shell, FilesHaveTheirTextAndNoMore) {
  const test::TemporaryFolder folder;
  for (const std::string& text : hostile) {
    const std::string command = shell_file("file", text);
    EXPECT_EQ(output_of(folder.path(), command), "") << command;
    EXPECT_EQ(test::read_text(folder / "file"), text.ends_with('\n') ? text : text + "\n");
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "harm"));
}

TEST(Shell, NothingForTheTerminalIsLeftInThem) {
  for (const std::string& text : hostile) {
    for (const std::string& shown : {shell_word(text), shell_file("file", text)}) {
      EXPECT_EQ(shown.find_first_of("\x1b\r"), std::string::npos);
      EXPECT_EQ(shown.find("\xc2\x9b"), std::string::npos);
    }
  }
}

TEST(Shell, ValuesStayValues) {
  EXPECT_EQ(shell_option("--data", "mnist"), "--data mnist");
  EXPECT_EQ(shell_option("--data", "--output=x y"), "'--data=--output=x y'");
}

}  // namespace
}  // namespace hypnos

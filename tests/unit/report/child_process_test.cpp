#include "report/child_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "support/files.hpp"

namespace hypnos {
namespace {

TEST(ChildProcess, SaysWhetherItSucceeded) {
  const test::TemporaryFolder folder;
  const auto run = [&](const std::string& command) {
    return run_program({"sh", "-c", command}, folder / "messages");
  };
  EXPECT_TRUE(run("exit 0"));
  EXPECT_FALSE(run("exit 3"));
  EXPECT_FALSE(run("kill -9 $$"));
  EXPECT_FALSE(run_program({"no-such-program-anywhere"}, folder / "messages"));
}

TEST(ChildProcess, GetsItsArgumentsAsTheyAreAndLeavesItsMessages) {
  const test::TemporaryFolder folder;
  EXPECT_TRUE(run_program({"sh", "-c", "echo \"$1\" >&2; echo lost", "sh", "a 'b' $c"},
                          folder / "messages"));
  EXPECT_EQ(test::read_text(folder / "messages"), "a 'b' $c\n");
}

TEST(ChildProcess, IsKilledWithItsChildrenWhenStopped) {
  const test::TemporaryFolder folder;
  const std::filesystem::path ids = folder / "ids";
  const Progress both_are_there([&](double, std::string_view) {
    const std::string text = test::read_text(ids);
    return std::count(text.begin(), text.end(), '\n') < 2;
  });
  EXPECT_THROW(
      run_program({"sh", "-c", "sleep 1000 & echo $! >> \"$1\"; echo $$ >> \"$1\"; sleep 1000",
                   "sh", ids.string()},
                  folder / "messages", both_are_there),
      Stopped);
  std::ifstream file(ids);
  for (pid_t id = 0; file >> id;) {
    // A process that was killed may still be there until init has taken note of it.
    bool gone = false;
    for (int i = 0; i < 500 && !gone; ++i) {
      gone =
          ::kill(id, 0) != 0 ||
          test::read_text("/proc/" + std::to_string(id) + "/stat").find(") Z") != std::string::npos;
      if (!gone) ::usleep(10'000);
    }
    EXPECT_TRUE(gone) << id;
  }
}

}  // namespace
}  // namespace hypnos

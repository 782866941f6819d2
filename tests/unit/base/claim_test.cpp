#include "base/claim.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/files.hpp"

namespace hypnos {
namespace {

const std::string work = "00123456789abcdef";
const std::string other_work = "ff123456789abcdef";

TEST(Claim, OneAtATimeForEachPieceOfWork) {
  const test::TemporaryFolder folder;
  auto first = Claim::take(folder / "lock", work);
  ASSERT_TRUE(first);
  EXPECT_FALSE(Claim::take(folder / "lock", work)) << "not even within one process";
  EXPECT_TRUE(Claim::take(folder / "lock", other_work));
  first.reset();
  EXPECT_TRUE(Claim::take(folder / "lock", work));
}

TEST(Claim, IsGoneWithItsProcess) {
  const test::TemporaryFolder folder;
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto claim = Claim::take(folder / "lock", work);
    const char taken = claim ? 'y' : 'n';
    if (::write(told[1], &taken, 1) == 1) ::pause();
    ::_exit(0);
  }
  char taken = 0;
  ASSERT_EQ(::read(told[0], &taken, 1), 1);
  EXPECT_EQ(taken, 'y');
  EXPECT_FALSE(Claim::take(folder / "lock", work));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(Claim::take(folder / "lock", work));
}

TEST(Claim, WaitingEndsWhenAsked) {
  const test::TemporaryFolder folder;
  const auto claim = Claim::take(folder / "lock", work);
  int asked = 0;
  EXPECT_THROW(Claim::wait(folder / "lock", work,
                           Progress([&](double, std::string_view) { return ++asked < 3; })),
               Stopped);
  EXPECT_EQ(asked, 3);
}

}  // namespace
}  // namespace hypnos

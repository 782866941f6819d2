#include "base/thread_team.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <numeric>

namespace hypnos {
namespace {

TEST(Share, TogetherTheyAreTheWhole) {
  for (const std::size_t size : {0UL, 1UL, 7UL, 100UL, 1201UL}) {
    for (const std::size_t unit : {1UL, 4UL, 24UL}) {
      for (std::size_t count = 1; count < 6; ++count) {
        std::size_t end = 0;
        for (std::size_t index = 0; index < count; ++index) {
          const auto range = Share{.index = index, .count = count}.of(size, unit);
          EXPECT_EQ(range.begin, end);
          EXPECT_TRUE(range.begin % unit == 0 || range.begin == size);
          EXPECT_LE(range.end - range.begin, size / count + unit);
          end = range.end;
        }
        EXPECT_EQ(end, size);
      }
    }
  }
}

TEST(ThreadTeam, DoesEachShareOnceAndWaitsForAll) {
  for (const unsigned threads : {1U, 2U, 3U, 5U}) {
    ThreadTeam team(threads);
    ASSERT_EQ(team.size(), threads);
    std::vector<int> numbers(1000, 0);
    for (int round = 1; round <= 300; ++round) {
      // Each piece of work reads what another thread has written in the one before.
      team.run([&](Share share) {
        const auto [begin, end] = Share{(share.index + 1) % share.count, share.count}.of(1000);
        for (std::size_t i = begin; i < end; ++i) ++numbers[i];
      });
      team.run([&](Share share) {
        const auto [begin, end] = share.of(1000);
        for (std::size_t i = begin; i < end; ++i) ASSERT_EQ(numbers[i], round);
      });
      if (round % 100 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    EXPECT_EQ(std::accumulate(numbers.begin(), numbers.end(), 0), 300 * 1000);
  }
}

}  // namespace
}  // namespace hypnos

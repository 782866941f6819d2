#include "hypnos/progress.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>

namespace hypnos {
namespace {

TEST(Progress, WithoutListenerDoesNothing) {
  const Progress progress;
  progress.tell(0.5, "note");
  progress.stretch(0, 1).tell(2);
  EXPECT_EQ(progress.share(3).size(), 3U);
}

TEST(Progress, TellsPartAndNote) {
  double part = 0;
  std::string note;
  const Progress progress([&](double p, std::string_view n) {
    part = p;
    note = n;
    return true;
  });
  progress.tell(0.25, "quarter");
  EXPECT_EQ(part, 0.25);
  EXPECT_EQ(note, "quarter");
}

TEST(Progress, StretchesNest) {
  double part = 0;
  const Progress progress([&](double p, std::string_view) {
    part = p;
    return true;
  });
  progress.stretch(0.5, 1).stretch(0, 0.5).tell(1);
  EXPECT_EQ(part, 0.75);
}

TEST(Progress, StopsOnceAndForAll) {
  int told = 0;
  const Progress progress([&](double, std::string_view) { return ++told < 2; });
  progress.tell(0);
  EXPECT_THROW(progress.tell(0.1), Stopped);
  EXPECT_THROW(progress.tell(0.2), Stopped);
  EXPECT_THROW(progress.stretch(0, 1).tell(0.2), Stopped) << "copies share the listener";
  EXPECT_EQ(told, 2) << "the listener is not asked again";
}

TEST(Progress, SharesAddUpByTheirWork) {
  double part = 0;
  const Progress progress([&](double p, std::string_view) {
    part = p;
    return true;
  });
  const double work[] = {1, 3};
  const auto pieces = progress.share(work);
  pieces[1].tell(0.5);
  EXPECT_DOUBLE_EQ(part, 0.375);
  pieces[0].tell(1);
  EXPECT_DOUBLE_EQ(part, 0.625);
  pieces[1].tell(1);
  EXPECT_DOUBLE_EQ(part, 1);
}

TEST(Progress, AStopReachesEveryPiece) {
  const Progress progress([](double part, std::string_view) { return part < 0.5; });
  const auto pieces = progress.share(4);
  pieces[0].tell(1);
  EXPECT_THROW(pieces[1].tell(1), Stopped);
  EXPECT_THROW(pieces[2].tell(0), Stopped);
}

void tell_from_threads(const Progress& progress) {
  const auto pieces = progress.share(4);
  std::vector<std::jthread> threads;
  for (const Progress& piece : pieces) {
    threads.emplace_back([&piece] {
      for (int i = 0; i < 2000; ++i) piece.tell(i / 2000.0);
    });
  }
}

TEST(Progress, ThreadsTellOneAtATime) {
  int inside = 0;
  bool overlapped = false;
  const Progress progress([&](double, std::string_view) {
    overlapped = overlapped || ++inside > 1;
    --inside;
    return true;
  });
  tell_from_threads(progress);
  EXPECT_FALSE(overlapped);
}

TEST(Progress, NeverGoesBack) {
  std::vector<double> told;
  const Progress progress([&](double part, std::string_view) {
    told.push_back(part);
    return true;
  });
  tell_from_threads(progress);
  progress.tell(0.1);
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
}

}  // namespace
}  // namespace hypnos

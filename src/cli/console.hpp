#pragma once

// What a person reads: a progress bar on a terminal, and tables.

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/stopwatch.hpp"

namespace hypnos::cli {

/// Prints to standard error, for people. Where that cannot be written, nobody is there to read.
template <typename... Args>
void say(fmt::format_string<Args...> format, Args&&... args) {
  std::fputs(fmt::format(format, std::forward<Args>(args)...).c_str(), stderr);
}

/// A bar on standard error; nothing where that is not a terminal.
class ProgressBar {
 public:
  explicit ProgressBar(std::string label);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  /// Shows the part done, in [0, 1], the time left, and a note.
  void show(double part, std::string_view note = {});

 private:
  using Clock = std::chrono::steady_clock;
  std::string label_;
  bool visible_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};
};

/// Rows of cells as text with aligned columns; the first row is the head. The first column is
/// flush left, the others flush right.
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace hypnos::cli

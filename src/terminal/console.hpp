#pragma once

// What a person reads: a progress bar on a terminal, and tables.

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/stopwatch.hpp"
#include "terminal/printable.hpp"

namespace hypnos {

/// Lines of the program's own making, printed as they are. All other text is made printable first.
struct Lines {
  std::string text;
};

/// What is printed of a value.
template <typename T>
auto shown(const T& value) {
  if constexpr (std::is_same_v<T, Lines>) {
    return value.text;
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return printable(value);
  } else {
    return value;
  }
}
template <typename T>
using Shown = decltype(shown(std::declval<const std::remove_cvref_t<T>&>()));

/// Prints to standard error, for people. Where that cannot be written, nobody is there to read.
template <typename... Args>
void say(fmt::format_string<Shown<Args>...> format, const Args&... args) {
  std::fputs(fmt::format(format, shown(args)...).c_str(), stderr);
}

/// Prints to standard output, for people.
template <typename... Args>
void show(fmt::format_string<Shown<Args>...> format, const Args&... args) {
  std::fputs(fmt::format(format, shown(args)...).c_str(), stdout);
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
  /// Takes it off its line, which somebody wants to print on. The next show() draws it again.
  void clear();

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
Lines table(const std::vector<std::vector<std::string>>& rows);

/// The same as a table of Markdown.
Lines markdown(const std::vector<std::vector<std::string>>& rows);

}  // namespace hypnos

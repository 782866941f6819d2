#include "terminal/console.hpp"

#include <unistd.h>

#include <algorithm>

namespace hypnos {

ProgressBar::ProgressBar(std::string label)
    : label_(std::move(label)), visible_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  clear();
}

void ProgressBar::clear() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

void ProgressBar::show(double part, std::string_view note) {
  const auto now = Clock::now();
  if (!visible_ || now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  drawn_ = true;
  constexpr int width = 30;
  const int filled = static_cast<int>(std::clamp(part, 0.0, 1.0) * width);
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const std::string left =
      part > 0.01 ? fmt::format("{:.0f} s left", elapsed / part * (1 - part)) : "";
  say("\r{} [{:#<{}}{:.<{}}] {:3.0f}% {} {}\033[K", label_, "", filled, "", width - filled,
      100 * part, left, note);
  std::fflush(stderr);
}

namespace {

// What a text takes on a terminal: the bytes of UTF-8 that begin a character.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](unsigned char byte) { return (byte & 0xC0U) != 0x80U; }));
}

}  // namespace

Lines table(const std::vector<std::vector<std::string>>& raw) {
  std::vector<std::vector<std::string>> rows = raw;
  for (auto& row : rows) {
    for (std::string& cell : row) cell = printable(cell);
  }
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width_of(row[c]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      line += c == 0 ? fmt::format("{:<{}}", row[c], widths[c])
                     : fmt::format("  {:>{}}", row[c], widths[c]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return {text};
}

Lines markdown(const std::vector<std::vector<std::string>>& rows) {
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    text += printable(fmt::format("| {} |", fmt::join(rows[r], " | "))) + "\n";
    if (r > 0) continue;
    text += "|";
    for (std::size_t c = 0; c < rows[0].size(); ++c) text += c == 0 ? " --- |" : " ---: |";
    text += "\n";
  }
  return {text};
}

}  // namespace hypnos

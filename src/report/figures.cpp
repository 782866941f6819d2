#include "report/figures.hpp"

#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>

#include "base/atomic_file.hpp"
#include "base/json.hpp"
#include "base/whole_file.hpp"
#include "base/workspace.hpp"
#include "hypnos/error.hpp"
#include "report/child_process.hpp"
#include "report/page.hpp"

namespace hypnos {
namespace {

// Returns how many files there were.
std::size_t copy_files(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::create_directories(to);
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(from)) {
    write_file(to / entry.path().filename(), read_file(entry.path()));
    ++count;
  }
  return count;
}

// The line of Node.js' messages that has its error.
std::string reason_in(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("Error") != std::string::npos) return " (" + line + ")";
  }
  return {};
}

}  // namespace

std::size_t write_figures(const Json& data, const std::filesystem::path& folder,
                          const Progress& progress) {
  const Workspace workspace("figures");
  const std::filesystem::path messages = workspace / "messages";
  if (!run_program({"node", "--version"}, messages, progress)) {
    throw SystemError("figures need Node.js (the command \"node\"), which is not on this machine");
  }
  const std::filesystem::path script = workspace / "figures.mjs";
  const std::filesystem::path input = workspace / "data.json";
  const std::filesystem::path drawn = workspace / "figures";
  write_file(script, figures_script);
  write_file(input, text_of(data));
  std::filesystem::create_directory(drawn);
  if (!run_program({"node", script.string(), input.string(), drawn.string()}, messages, progress)) {
    throw SystemError("Node.js could not draw the figures; it needs version 18 or newer" +
                      reason_in(read_file(messages)));
  }
  return copy_files(drawn, folder);
}

}  // namespace hypnos

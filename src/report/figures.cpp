#include "report/figures.hpp"

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/atomic_file.hpp"
#include "base/json.hpp"
#include "base/locked_file.hpp"
#include "base/whole_file.hpp"
#include "hypnos/error.hpp"
#include "report/child_process.hpp"
#include "report/page.hpp"

namespace hypnos {
namespace {

constexpr std::string_view workspace_name = "hypnos-figures-";

// Whoever works in a folder holds this lock; the lock of a process that was killed is free.
std::filesystem::path lock_of(const std::filesystem::path& workspace) {
  return workspace / "lock";
}

// Removes the folders that killed processes have left, as far as that is allowed.
void remove_left_workspaces(const std::filesystem::path& place) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(place, ignored)) {
    if (!entry.path().filename().string().starts_with(workspace_name) ||
        !std::filesystem::exists(lock_of(entry.path()), ignored)) {
      continue;
    }
    try {
      if (const auto lock = LockedFile::open(lock_of(entry.path()))) {
        std::filesystem::remove_all(entry.path(), ignored);
      }
    } catch (const SystemError&) {
      continue;  // somebody else's
    }
  }
}

// A folder that is removed with the object.
class Workspace {
 public:
  Workspace() {
    const std::filesystem::path place = std::filesystem::temp_directory_path();
    remove_left_workspaces(place);
    std::string name = (place / workspace_name).string() + "XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw SystemError(name + ": cannot be made");
    path_ = name;
    if (auto lock = LockedFile::open(lock_of(path_))) lock_.emplace(std::move(*lock));
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
  std::optional<LockedFile> lock_;
};

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
  const Workspace workspace;
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

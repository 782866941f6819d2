#include "report/figures.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <system_error>

#include "base/atomic_file.hpp"
#include "hypnos/error.hpp"
#include "report/page.hpp"
#include "report/script.hpp"

namespace hypnos {
namespace {

// A folder that is gone with the object.
class Workspace {
 public:
  Workspace() {
    std::string name = (std::filesystem::temp_directory_path() / "hypnos-figures-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw SystemError(name + ": cannot be made");
    path_ = name;
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
};

bool has_node() {
  return std::system("node --version > /dev/null 2>&1") == 0;
}

// How many.
std::size_t copy_files(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::create_directories(to);
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(from)) {
    std::filesystem::copy_file(entry.path(), to / entry.path().filename(),
                               std::filesystem::copy_options::overwrite_existing);
    ++count;
  }
  return count;
}

}  // namespace

std::size_t write_figures(const Json& data, const std::filesystem::path& folder) {
  if (!has_node()) {
    throw SystemError("figures need Node.js (the command \"node\"); install Debian's nodejs");
  }
  const Workspace workspace;
  write_file(workspace / "figures.mjs", figures_script);
  write_file(workspace / "data.json", text_of(data));
  std::filesystem::create_directory(workspace / "figures");
  const std::string command = fmt::format(
      "node {} {} {}", shell_word((workspace / "figures.mjs").string()),
      shell_word((workspace / "data.json").string()), shell_word((workspace / "figures").string()));
  if (std::system(command.c_str()) != 0) {
    throw SystemError("Node.js could not draw the figures; it needs version 18 or newer");
  }
  return copy_files(workspace / "figures", folder);
}

}  // namespace hypnos

#include "base/workspace.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

std::filesystem::path lock_of(const std::filesystem::path& folder) {
  return folder / "lock";
}

// Removes the folders that killed processes have left, as far as that is allowed. The lock of a
// process that was killed is free.
void remove_left(const std::filesystem::path& place, const std::string& name) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(place, ignored)) {
    if (!entry.path().filename().string().starts_with(name) ||
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

}  // namespace

Workspace::Workspace(std::string_view purpose) {
  const std::string name = fmt::format("hypnos-{}-", purpose);
  std::error_code missing;
  const std::filesystem::path place = std::filesystem::temp_directory_path(missing);
  if (missing) {
    throw SystemError("there is no folder for temporary files; TMPDIR must name one that is there");
  }
  remove_left(place, name);
  std::string folder = (place / name).string() + "XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) throw SystemError(folder + ": cannot be made");
  path_ = folder;
  if (auto lock = LockedFile::open(lock_of(path_))) lock_.emplace(std::move(*lock));
}

Workspace::~Workspace() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace hypnos

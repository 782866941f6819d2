#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/locked_file.hpp"

namespace hypnos {

/// A folder for temporary files, which is removed with the object. Those that killed processes have
/// left are removed by the next one of the same purpose.
class Workspace {
 public:
  /// @param purpose one word, part of the folder's name
  /// @throws SystemError when it cannot be made.
  explicit Workspace(std::string_view purpose);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
  std::optional<LockedFile> lock_;  // held by whoever works in the folder
};

}  // namespace hypnos

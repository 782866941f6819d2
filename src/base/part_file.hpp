#pragma once

#include <filesystem>
#include <string_view>

#include "base/locked_file.hpp"

namespace hypnos {

/// A file that is written beside its target, and then takes the target's name in one step. Until
/// then it is called TARGET.hypnos-part. One that was left by a process that was killed is removed
/// by the next that writes the same target.
class PartFile {
 public:
  /// A symbolic link is followed.
  /// @throws SystemError when it cannot be made, or somebody else is writing it.
  explicit PartFile(const std::filesystem::path& target);
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  /// Removes the file, unless it has become its target.
  ~PartFile();

  int descriptor() const { return file_.descriptor(); }

  /// @throws SystemError
  void write(std::string_view content) const;

  /// Takes the target's name, and the permissions of what was there.
  /// @throws SystemError
  void become_target();
  /// Takes another name in the target's folder.
  void become(const std::filesystem::path& target);

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;
  LockedFile file_;
  bool renamed_ = false;
};

/// Writes all of the content to an open file. False, with errno, when that fails.
bool write_all(int descriptor, std::string_view content);

}  // namespace hypnos

#pragma once

// A file that one writer at a time has. The lock is the operating system's, and is gone with the
// process that held it, however that ended.

#include <filesystem>
#include <optional>

namespace hypnos {

/// An open file that nobody else has locked, held while the object lives.
class LockedFile {
 public:
  /// Opens the file, or makes it; what is in it stays. Gives nothing while somebody else has it.
  /// @throws SystemError when it cannot be opened for writing.
  static std::optional<LockedFile> open(const std::filesystem::path& path);

  /// Makes the file anew; what a process that was killed has left under its name is removed. Gives
  /// nothing while somebody else has it.
  /// @param permissions of the new file, from which the process's mask is taken
  /// @param named in errors
  /// @throws SystemError
  static std::optional<LockedFile> make(const std::filesystem::path& path, unsigned permissions,
                                        const std::filesystem::path& named);

  LockedFile(LockedFile&& other) noexcept;
  LockedFile& operator=(LockedFile&&) = delete;
  ~LockedFile();

  int descriptor() const { return descriptor_; }

  /// Closes it early, and so says whether all could be written.
  bool close();

 private:
  explicit LockedFile(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace hypnos

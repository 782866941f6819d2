// Who has the lock must still ask whether the file is the one that has the name: between opening
// and locking somebody else may have renamed or removed it. Only who has the lock does that.

#include "base/locked_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

[[noreturn]] void fail_to_lock(const std::filesystem::path& path) {
  throw SystemError(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
}

// False while somebody else has the file. Where the file system knows no locks, everybody has it.
bool lock(int descriptor) {
  struct flock whole = {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(descriptor, F_OFD_SETLK, &whole) == 0 || (errno != EAGAIN && errno != EACCES);
}

bool has_name(int descriptor, const std::filesystem::path& path) {
  struct stat file = {};
  struct stat named = {};
  return ::fstat(descriptor, &file) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         file.st_dev == named.st_dev && file.st_ino == named.st_ino;
}

}  // namespace

std::optional<LockedFile> LockedFile::open(const std::filesystem::path& path) {
  while (true) {
    LockedFile file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (file.descriptor_ < 0) fail_to_lock(path);
    if (!lock(file.descriptor_)) return std::nullopt;
    if (has_name(file.descriptor_, path)) return file;
  }
}

std::optional<LockedFile> LockedFile::make(const std::filesystem::path& path, unsigned permissions,
                                           const std::filesystem::path& named) {
  while (true) {
    LockedFile file(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions));
    if (file.descriptor_ >= 0) {
      if (lock(file.descriptor_) && has_name(file.descriptor_, path)) return file;
      continue;  // somebody took it for one that was left behind
    }
    if (errno != EEXIST) fail_to_lock(named);
    const LockedFile left(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (left.descriptor_ >= 0) {
      if (!lock(left.descriptor_)) return std::nullopt;
      if (!has_name(left.descriptor_, path)) continue;
    }
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail_to_lock(named);
  }
}

LockedFile::LockedFile(LockedFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

LockedFile::~LockedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool LockedFile::close() {
  return ::close(std::exchange(descriptor_, -1)) == 0;
}

}  // namespace hypnos

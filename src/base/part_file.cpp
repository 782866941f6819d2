#include "base/part_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

#include "base/same_file.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

[[noreturn]] void fail_to_write(const std::filesystem::path& target) {
  throw SystemError(
      fmt::format("{}: cannot be written: {}", target.string(), std::strerror(errno)));
}

std::filesystem::path part_of(std::filesystem::path target) {
  return target += ".hypnos-part";
}

// Who replaces a private file must not show it meanwhile.
unsigned first_permissions(const std::filesystem::path& target) {
  struct stat old = {};
  return ::stat(target.c_str(), &old) == 0 ? 0600 : 0666;
}

// Waits a while for whoever writes the same file.
LockedFile make_part(const std::filesystem::path& target) {
  constexpr int most_attempts = 500;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    if (auto file = LockedFile::make(part_of(target), first_permissions(target), target)) {
      return std::move(*file);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  throw SystemError(target.string() + ": is being written by another program");
}

// As those of the file that is replaced. A group that may not be given gets no rights.
bool take_permissions(int descriptor, const std::filesystem::path& target) {
  struct stat old = {};
  if (::stat(target.c_str(), &old) != 0) return true;
  mode_t mode = old.st_mode & 0777U;
  if (::fchown(descriptor, static_cast<uid_t>(-1), old.st_gid) != 0) mode &= ~mode_t{S_IRWXG};
  return ::fchmod(descriptor, mode) == 0;
}

}  // namespace

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

PartFile::PartFile(const std::filesystem::path& target)
    : target_(follow_links(target)), path_(part_of(target_)), file_(make_part(target_)) {}

PartFile::~PartFile() {
  if (!renamed_) ::unlink(path_.c_str());
}

void PartFile::write(std::string_view content) const {
  if (!write_all(file_.descriptor(), content)) fail_to_write(target_);
}

void PartFile::become_target() {
  become(target_);
}

void PartFile::become(const std::filesystem::path& target) {
  const bool synced =
      take_permissions(file_.descriptor(), target) && ::fsync(file_.descriptor()) == 0;
  // Renamed while it is locked: nobody takes it for one that was left behind.
  if (!synced || ::rename(path_.c_str(), target.c_str()) != 0) fail_to_write(target);
  renamed_ = true;
  if (!file_.close()) fail_to_write(target);
}

}  // namespace hypnos

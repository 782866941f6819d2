#include "base/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

[[noreturn]] void fail(const std::filesystem::path& target) {
  throw SystemError(
      fmt::format("{}: cannot be written: {}", target.string(), std::strerror(errno)));
}

void write_all(int descriptor, std::string_view content, const std::filesystem::path& target) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(target);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

// A file beside the target: closed and removed again unless it became the target.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& target)
      : target_(target), name_(target.string() + ".XXXXXX"), descriptor_(::mkstemp(name_.data())) {
    if (descriptor_ < 0) fail(target_);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!renamed_) ::unlink(name_.c_str());
  }

  void write(std::string_view content) const { write_all(descriptor_, content, target_); }

  void become_target() {
    // mkstemp makes the file private; give it the permissions that any new file gets.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(descriptor_, 0666 & ~mask) != 0 || ::fsync(descriptor_) != 0) fail(target_);
    if (::close(std::exchange(descriptor_, -1)) != 0) fail(target_);
    if (::rename(name_.c_str(), target_.c_str()) != 0) fail(target_);
    renamed_ = true;
  }

 private:
  std::filesystem::path target_;
  std::string name_;
  int descriptor_;
  bool renamed_ = false;
};

void write_in_place(const std::filesystem::path& target, std::string_view content) {
  const int descriptor = ::open(target.c_str(), O_WRONLY);
  if (descriptor < 0) fail(target);
  try {
    write_all(descriptor, content, target);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  if (::close(descriptor) != 0) fail(target);
}

bool is_special(const std::filesystem::path& target) {
  return std::filesystem::exists(target) && !std::filesystem::is_regular_file(target) &&
         !std::filesystem::is_directory(target);
}

// Where a symbolic link points, even if there is nothing yet.
std::filesystem::path resolve(const std::filesystem::path& target) {
  return std::filesystem::is_symlink(target) ? std::filesystem::weakly_canonical(target) : target;
}

}  // namespace

void write_file(const std::filesystem::path& target, std::string_view content) {
  if (is_special(target)) {
    write_in_place(target, content);
    return;
  }
  TemporaryFile file(resolve(target));
  file.write(content);
  file.become_target();
}

void check_writable(const std::filesystem::path& target) {
  if (target.empty()) throw InputError("the name of the file to write is empty");
  if (is_special(target)) return;
  if (std::filesystem::is_directory(target)) {
    throw FileError(target, "is a folder; name a file to write");
  }
  const std::filesystem::path resolved = resolve(target);
  const std::filesystem::path folder = resolved.has_parent_path() ? resolved.parent_path() : ".";
  if (!std::filesystem::is_directory(folder)) {
    throw FileError(target, "cannot be written: there is no folder " + folder.string());
  }
  try {
    const TemporaryFile probe(resolved);
  } catch (const SystemError& error) {
    throw InputError(error.what());
  }
}

}  // namespace hypnos

// A claim locks one byte of the lock file, at a place that the work's id gives. The file need not
// have such a byte, and stays empty. Linux's F_OFD locks belong to the open file, and so keep
// threads of one process apart as they do processes.

#include "base/claim.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "hypnos/error.hpp"

namespace hypnos {

std::optional<Claim> Claim::take(const std::filesystem::path& lock_file, const std::string& id) {
  assert(id.size() >= 15);
  const auto fail = [&] {
    throw SystemError(
        fmt::format("{}: cannot be locked: {}", lock_file.string(), std::strerror(errno)));
  };
  const int descriptor = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) fail();
  Claim claim(descriptor);
  struct flock byte = {};
  byte.l_type = F_WRLCK;
  byte.l_whence = SEEK_SET;
  byte.l_start = static_cast<off_t>(std::stoull(id.substr(0, 15), nullptr, 16));
  byte.l_len = 1;
  if (::fcntl(descriptor, F_OFD_SETLK, &byte) == 0) return claim;
  if (errno != EAGAIN && errno != EACCES) fail();
  return std::nullopt;
}

Claim Claim::wait(const std::filesystem::path& lock_file, const std::string& id,
                  const Progress& progress) {
  while (true) {
    if (auto claim = take(lock_file, id)) return std::move(*claim);
    progress.tell(0);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

Claim::Claim(Claim&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Claim::~Claim() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace hypnos

#include "base/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// A pipe may go on without end.
constexpr std::size_t most_from_pipe = 1'000'000'000;

// An open file, which is closed on every way out.
class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ >= 0) return;
    if (errno == ENOENT) throw FileError(path, "there is no such file");
    throw FileError(path, std::string("cannot be opened: ") + std::strerror(errno));
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() { ::close(descriptor_); }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  const OpenFile file(path);
  struct stat status = {};
  if (::fstat(file.descriptor(), &status) != 0) status.st_mode = S_IFREG;
  if (S_ISDIR(status.st_mode)) throw FileError(path, "is a folder; name a file");
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)) throw FileError(path, "is not a file");
  // One byte more than the file should have, so that its end is seen by a read that gives nothing.
  std::string content(static_cast<std::size_t>(status.st_size) + 1, '\0');
  std::size_t length = 0;
  while (true) {
    const ssize_t count =
        ::read(file.descriptor(), content.data() + length, content.size() - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw FileError(path, std::string("cannot be read: ") + std::strerror(errno));
    if (count == 0) break;
    length += static_cast<std::size_t>(count);
    if (length < content.size()) continue;
    if (S_ISFIFO(status.st_mode) && length > most_from_pipe) {
      throw FileError(path, "is a pipe that gives more than 1 GB; write that to a file first");
    }
    content.resize(2 * length + 4096);
  }
  content.resize(length);
  return content;
}

}  // namespace hypnos

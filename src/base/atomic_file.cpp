#include "base/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/part_file.hpp"
#include "base/same_file.hpp"
#include "base/write_error.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

void write_in_place(const std::filesystem::path& target, std::string_view content) {
  const int descriptor = ::open(target.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) throw write_error(target);
  if (!write_all(descriptor, content)) {
    const int reason = errno;
    ::close(descriptor);
    throw write_error(target, reason);
  }
  if (::close(descriptor) != 0) throw write_error(target);
}

bool is_special(const std::filesystem::path& target) {
  return std::filesystem::exists(target) && !std::filesystem::is_regular_file(target) &&
         !std::filesystem::is_directory(target);
}

}  // namespace

void write_file(const std::filesystem::path& target, std::string_view content) {
  if (is_special(target)) {
    write_in_place(target, content);
    return;
  }
  PartFile file(target);
  file.write(content);
  file.become_target();
}

void check_writable(const std::filesystem::path& target) {
  if (target.empty()) throw InputError("the name of the file to write is empty");
  if (is_special(target)) return;
  if (std::filesystem::is_directory(target)) {
    throw FileError(target, "is a folder; name a file to write");
  }
  if (std::filesystem::exists(target) && ::access(target.c_str(), W_OK) != 0) {
    throw FileError(target, "cannot be written: it is write-protected");
  }
  const std::filesystem::path end = follow_links(target);
  const std::filesystem::path folder = end.has_parent_path() ? end.parent_path() : ".";
  if (!std::filesystem::is_directory(folder)) {
    throw FileError(target, "cannot be written: there is no folder " + folder.string());
  }
  try {
    const PartFile probe(target);
  } catch (const SystemError& error) {
    throw InputError(error.what());
  }
}

}  // namespace hypnos

#include "sleep/record_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <utility>

#include "base/write_error.hpp"

namespace hypnos {
namespace {

// The header has room for the fields and for any number of records, so that it can be written again
// in its place.
constexpr std::size_t header_bytes = 512;

}  // namespace

RecordFile::RecordFile(const std::filesystem::path& target, std::string fields)
    : target_(target),
      fields_(std::move(fields)),
      part_(target),
      file_(::fdopen(::fcntl(part_.descriptor(), F_DUPFD_CLOEXEC, 0), "wb")) {
  if (file_ == nullptr) throw write_error(target_);
  write_header();
}

RecordFile::~RecordFile() {
  if (file_ != nullptr) std::fclose(file_);
}

void RecordFile::append(const void* record, std::size_t bytes) {
  write(record, bytes);
  ++records_;
}

void RecordFile::finish() {
  if (std::fflush(file_) != 0 && failure_ == 0) failure_ = errno;
  std::rewind(file_);
  write_header();
  if (std::fclose(std::exchange(file_, nullptr)) != 0 && failure_ == 0) failure_ = errno;
  if (failure_ != 0) throw write_error(target_, failure_);
}

void RecordFile::become(const std::filesystem::path& target) {
  if (target == target_) {
    part_.become_target();
  } else {
    part_.become(target);
  }
}

void RecordFile::write_header() {
  std::string text =
      fmt::format("{{'descr': {}, 'fortran_order': False, 'shape': ({},), }}", fields_, records_);
  constexpr std::size_t prefix_bytes = 10;
  text.resize(header_bytes - prefix_bytes - 1, ' ');
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xFF);
  header += static_cast<char>(text.size() >> 8);
  header += text;
  write(header.data(), header.size());
}

void RecordFile::write(const void* bytes, std::size_t count) {
  if (failure_ == 0 && std::fwrite(bytes, count, 1, file_) != 1) failure_ = errno;
}

}  // namespace hypnos

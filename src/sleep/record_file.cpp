#include "sleep/record_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/atomic_file.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// The header has room for the fields and for any number of records, so that it can be written again
// in its place.
constexpr std::size_t header_bytes = 512;

}  // namespace

RecordFile::RecordFile(std::filesystem::path target, std::string fields)
    : target_(std::move(target)), part_(target_), fields_(std::move(fields)) {
  check_writable(target_);
  part_ += ".part";
  file_ = std::fopen(part_.c_str(), "wb");
  if (file_ == nullptr) fail();
  write_header();
}

RecordFile::~RecordFile() {
  if (file_ != nullptr) std::fclose(file_);
}

void RecordFile::append(const void* record, std::size_t bytes) {
  if (std::fwrite(record, bytes, 1, file_) != 1) fail();
  ++records_;
}

void RecordFile::close() {
  if (std::fseek(file_, 0, SEEK_SET) != 0) fail();
  write_header();
  std::FILE* file = std::exchange(file_, nullptr);
  if (std::fclose(file) != 0) fail();
  std::filesystem::rename(part_, target_);
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
  if (std::fwrite(header.data(), header.size(), 1, file_) != 1) fail();
}

void RecordFile::fail() const {
  throw SystemError(fmt::format("{}: cannot be written: {}", part_.string(), std::strerror(errno)));
}

}  // namespace hypnos

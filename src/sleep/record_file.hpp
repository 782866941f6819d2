#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

#include "base/part_file.hpp"

namespace hypnos {

/// A one-dimensional .npy file of records, which are written as they come. Until become() the file
/// stands beside its target (part_file.hpp).
class RecordFile {
 public:
  /// @param fields NumPy's description of a record, as Python text: "[('step', '<u8'), ...]"
  RecordFile(const std::filesystem::path& target, std::string fields);
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;
  ~RecordFile();

  /// Writes one record. After the first that could not be written (the disk is full) all are
  /// dropped, and finish() says so: a sleep does not end for its recording.
  /// @param record the bytes of its fields, one after the other
  void append(const void* record, std::size_t bytes);
  /// Writes the number of records into the header: the file is whole.
  /// @throws SystemError when not all could be written.
  void finish();
  /// Takes the target's name, or another one in its folder.
  /// @pre it is finished
  void become(const std::filesystem::path& target);

 private:
  void write_header();
  void write(const void* bytes, std::size_t count);

  std::filesystem::path target_;
  std::string fields_;
  std::uint64_t records_ = 0;
  int failure_ = 0;  // errno
  PartFile part_;
  std::FILE* file_;
};

}  // namespace hypnos

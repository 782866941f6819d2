#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

namespace hypnos {

/// A one-dimensional .npy file of records, which are written as they come. Until close() the file
/// stands beside its target under the name TARGET.part.
class RecordFile {
 public:
  /// @param fields NumPy's description of a record, as Python text: "[('step', '<u8'), ...]"
  RecordFile(std::filesystem::path target, std::string fields);
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;
  ~RecordFile();

  /// Writes one record.
  /// @param record the bytes of its fields, one after the other
  void append(const void* record, std::size_t bytes);
  /// Writes the number of records into the header and takes the target's name.
  void close();

 private:
  void write_header();
  [[noreturn]] void fail() const;

  std::filesystem::path target_;
  std::filesystem::path part_;
  std::string fields_;
  std::uint64_t records_ = 0;
  std::FILE* file_;
};

}  // namespace hypnos

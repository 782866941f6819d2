#pragma once

// What happens during a sleep, streamed to files that NumPy reads (docs/recording.md).

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "hypnos/sleep.hpp"

namespace hypnos::cli {

/// A one-dimensional .npy file of records, written as they come. Until close() it stands beside its
/// target under the name TARGET.part.
class RecordFile {
 public:
  /// @param fields NumPy's description of a record, as Python text: "[('step', '<u8'), ...]"
  RecordFile(std::filesystem::path target, std::string fields);
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;
  ~RecordFile();

  /// One record: its fields' bytes one after the other.
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

/// Records spikes, and every so many steps the state of each layer: FILE and FILE with ".state.npy"
/// in the place of ".npy".
class SleepRecorder {
 public:
  SleepRecorder(const std::filesystem::path& file, std::uint64_t state_steps);
  /// Lets the observer record. The recorder must outlive the sleep.
  void attach(SleepObserver& observer);
  void close();

 private:
  RecordFile spikes_;
  RecordFile states_;
  std::uint64_t state_steps_;
};

}  // namespace hypnos::cli

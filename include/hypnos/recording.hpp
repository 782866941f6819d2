#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "hypnos/sleep.hpp"

namespace hypnos {

// What happens during a sleep, in two files that NumPy reads: one record per spike, and one record
// per layer and recorded moment. docs/recording.md says how to use them.

#pragma pack(push, 1)
struct SpikeRecord {
  std::uint64_t step;   ///< from 0
  std::uint32_t layer;  ///< 0: the input
  std::uint32_t unit;
};
struct StateRecord {
  std::uint64_t step;   ///< steps done
  std::uint32_t layer;  ///< 1 .. L
  float membrane_mean, membrane_max;
  float weight_mean, weight_deviation, weight_min, weight_max, weight_positive;
};
#pragma pack(pop)

/// The records' fields as NumPy writes them into a file's header.
inline constexpr const char* spike_fields = "[('step', '<u8'), ('layer', '<u4'), ('unit', '<u4')]";
inline constexpr const char* state_fields =
    "[('step', '<u8'), ('layer', '<u4'), ('membrane_mean', '<f4'), ('membrane_max', '<f4'), "
    "('weight_mean', '<f4'), ('weight_deviation', '<f4'), ('weight_min', '<f4'), "
    "('weight_max', '<f4'), ('weight_positive', '<f4')]";

/// Where the states are that belong to a file of spikes: ".state.npy" in the place of ".npy".
std::filesystem::path state_file(std::filesystem::path spike_file);

class RecordFile;

/// Records the spikes of a sleep into a file, and the state of each layer from time to time into
/// the file beside it.
///
///     SleepRecorder recorder("night.npy", 1000);
///     SleepObserver observer;
///     recorder.attach(observer);
///     sleep(network, parameters, gains, stimulus, observer);
///     recorder.close();
class SleepRecorder {
 public:
  /// @param state_steps steps from one state to the next
  /// @throws SystemError when the files cannot be written.
  SleepRecorder(const std::filesystem::path& file, std::uint64_t state_steps);
  SleepRecorder(const SleepRecorder&) = delete;
  SleepRecorder& operator=(const SleepRecorder&) = delete;
  ~SleepRecorder();

  /// Lets the observer record. The recorder must outlive the sleep.
  void attach(SleepObserver& observer);
  /// Finishes the files. Without it they are removed with the object.
  /// @throws SystemError when not all could be written; the sleep went on without its recording.
  void close();
  /// Finishes them under another name in the same folder: the sleep was stopped.
  void close_as(const std::filesystem::path& file);

 private:
  std::filesystem::path file_;
  std::unique_ptr<RecordFile> spikes_;
  std::unique_ptr<RecordFile> states_;
  std::uint64_t state_steps_;
};

}  // namespace hypnos

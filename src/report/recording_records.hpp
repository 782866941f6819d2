#pragma once

// The records of a sleep's recording (docs/recording.md), read as a stream.

#include <filesystem>
#include <functional>

#include "hypnos/error.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/recording.hpp"

namespace hypnos {

/// The file is no recording of a sleep.
class NotARecordingError : public FileError {
  using FileError::FileError;
};

/// Shows all spikes of a file one by one.
/// @throws NotARecordingError, FileError, Stopped
void for_each_spike(const std::filesystem::path& path, const Progress& progress,
                    const std::function<void(const SpikeRecord&)>& look);

/// Shows all states of a file one by one.
/// @throws NotARecordingError, FileError, Stopped
void for_each_state(const std::filesystem::path& path, const Progress& progress,
                    const std::function<void(const StateRecord&)>& look);

}  // namespace hypnos

#pragma once

// What the page shows of one sleep, from the files that recorded it (docs/recording.md).

#include <cstdint>
#include <filesystem>
#include <vector>

#include "hypnos/error.hpp"
#include "hypnos/json.hpp"
#include "hypnos/progress.hpp"
#include "report/recording_records.hpp"

namespace hypnos {

struct Recording {
  std::filesystem::path spikes;  ///< FILE.npy; its FILE.state.npy is used if it is there
  std::filesystem::path trace;   ///< FILE.csv; empty: there is none

  // What the files do not say. If not given, it is guessed from the spikes.
  std::uint64_t steps = 0;
  std::vector<std::uint64_t> units = {};  ///< of the layers, the input first
  std::size_t rows = 0;                   ///< of the input as a picture
  std::size_t columns = 0;
};

/// The file is no trace of a sleep's accuracy.
class NotATraceError : public FileError {
  using FileError::FileError;
};

/// Rates along the sleep, a raster of some units of each layer, and pictures of the input. Spikes
/// are read as a stream: memory does not grow with them.
/// @throws NotARecordingError, NotATraceError; FileError when a file cannot be read or is damaged;
///   Stopped.
Json recording_data(const Recording& recording, const Progress& progress = {});

}  // namespace hypnos

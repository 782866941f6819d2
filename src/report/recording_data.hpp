#pragma once

// What the page shows of one sleep as hypnos sleep --record and --trace wrote it down
// (docs/recording.md).

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "training/recipe.hpp"

namespace hypnos {

struct Recording {
  std::filesystem::path spikes;  ///< FILE.npy; its FILE.state.npy is used if it is there
  std::filesystem::path trace;   ///< FILE.csv; empty: there is none

  // What the files do not say; if not given, as the spikes let guess.
  std::uint64_t steps = 0;
  std::vector<std::uint64_t> units = {};  ///< of the layers, the input first
  std::size_t rows = 0;                   ///< of the input as a picture
  std::size_t columns = 0;
};

/// Rates along the sleep, a raster of some units of each layer, and pictures of the input. Spikes
/// are read as a stream: memory does not grow with them.
/// @throws FileError when a file is not such a recording.
Json recording_data(const Recording& recording);

}  // namespace hypnos

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace hypnos {

/// Spikes that drive a sleep.
struct GivenSpikes {
  std::size_t steps = 0;
  std::size_t inputs = 0;
  std::vector<std::uint8_t> spikes = {};  ///< [steps x inputs]: 0 or 1
};

/// Reads spikes from an .npy file of the shape [steps x inputs], in any order and type. Of booleans
/// and bytes all but 0 are spikes; other numbers must be 0 or 1.
/// @throws FileError when the file is not an .npy file, is damaged, or does not hold spikes.
GivenSpikes read_spikes(const std::filesystem::path& path);

}  // namespace hypnos

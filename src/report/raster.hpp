#pragma once

#include <cstdint>
#include <vector>

#include "hypnos/json.hpp"

namespace hypnos {

/// The spikes of a layer, one dot each. It shows units chosen evenly from those that fired, and so
/// many that their spikes can be told apart. Where even ten units fire too often for that, it shows
/// only the beginning of the sleep.
class Raster {
 public:
  /// @param spikes how often each unit fired during the sleep
  Raster(const std::vector<std::uint64_t>& spikes, std::uint64_t steps);

  /// To be called for each spike of the layer.
  void look(std::uint64_t step, std::uint32_t unit);

  /// Adds what the page shows: which units, until which step, and their spikes.
  void add_to(Json& layer) const;

 private:
  std::vector<std::uint32_t> units_;
  std::size_t fired_ = 0;          // units that did
  std::uint64_t until_ = 0;        // step
  std::vector<std::int32_t> row_;  // of each unit; -1: it is not shown
  std::vector<std::uint64_t> spike_steps_;
  std::vector<std::int32_t> spike_rows_;
};

}  // namespace hypnos

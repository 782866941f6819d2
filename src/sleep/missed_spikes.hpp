#pragma once

// The postsynaptic spikes of one layer, for columns of synapses that catch up with them later.
// There are two forms with the same results, to the bit.
//
// - SpikeLog lists the spikes in their order. It is best where few units spike between two
//   moments at which a column is read.
// - SpikeCounts keeps how often each unit has spiked, after each step. It is best where most units
//   do: synapses of neighboring units then change together, without gather and scatter.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sleep/kernels.hpp"

namespace hypnos {

class SpikeLog {
 public:
  /// @param units padded
  /// @param room spikes that are kept at most
  SpikeLog(std::size_t units, std::size_t room, std::vector<std::uint32_t>& entries,
           std::vector<std::uint32_t>& previous);

  bool has_room(std::size_t spikes) const;
  /// @pre there is room
  void add(std::span<const std::uint32_t> fired);
  void clear();

  /// The moment, to catch up from later; 0 after clear().
  std::uint32_t now() const { return size_; }
  /// Weakens the column's synapses by each spike since then.
  void catch_up(float* column, std::uint32_t since, const kernels::Plasticity& plasticity) const;

 private:
  std::size_t units_;
  // A vector may read on behind the `size_` entries.
  std::vector<std::uint32_t>& entries_;
  std::vector<std::uint32_t>& previous_;  // see kernels::replay_changes
  std::uint32_t size_ = 0;
  std::vector<std::uint32_t> last_;  // per unit: 1 + its last entry
};

class SpikeCounts {
 public:
  /// @param units padded
  /// @param room moments that are kept at most
  SpikeCounts(std::size_t units, std::size_t room, std::vector<std::uint8_t>& counts);

  /// There is room for one more step.
  bool has_room() const;
  /// Adds one step.
  /// @pre there is room
  void add(std::span<const std::uint32_t> fired);
  void clear();

  std::uint32_t now() const { return now_; }
  /// Weakens the column's synapses by each spike since then.
  /// @param strengthened the spikes of the step that led to that moment come first, and strengthen
  void catch_up(float* column, std::uint32_t since, bool strengthened,
                const kernels::Plasticity& plasticity) const;

 private:
  std::size_t units_;
  std::size_t room_;
  std::vector<std::uint8_t>& counts_;  // [room x units]
  std::uint32_t now_ = 0;
  std::uint8_t highest_ = 0;
};

}  // namespace hypnos

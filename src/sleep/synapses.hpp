#pragma once

// The synapses of one layer during sleep. They are kept so that the work follows the spikes:
//
// - They lie in columns, one for each presynaptic unit: a presynaptic spike adds one contiguous
//   column to the layer's input.
// - The decrement of silent synapses is put off. Spikes of postsynaptic units go into a log, and a
//   column catches up with the part of the log that it has missed when it is read next, or at the
//   end. Every synapse sees its changes in the order in which they happened, to the bit.

#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned.hpp"
#include "hypnos/network.hpp"
#include "hypnos/sleep_parameters.hpp"

namespace hypnos {

/// The large arrays behind the synapses of one layer. They are kept from sleep to sleep of networks
/// of one shape, because threads wait for each other when they ask the system for memory each time.
struct SynapseMemory {
  AlignedFloats columns;
  std::vector<std::uint32_t> log;
  std::vector<std::uint32_t> previous;
};

class Synapses {
 public:
  /// Takes the weights of the layer over; settle() puts them back.
  /// @param memory is new, or was used for a layer of the same shape; it must outlive the synapses
  Synapses(Layer& layer, const SleepParameters& parameters, SynapseMemory& memory);

  /// Sums up the weights of the active presynaptic units.
  /// @return the sums of all postsynaptic units, padded
  const float* read(std::span<const std::uint32_t> active);

  /// Changes the synapses for one step, at which some units spiked.
  /// @param fired postsynaptic units, ascending
  /// @param active presynaptic units, which were read at this step
  void learn(std::span<const std::uint32_t> fired, std::span<const std::uint32_t> active);

  /// Brings every synapse up to date and the layer's weights with them.
  void settle();

 private:
  float* column(std::size_t presynaptic) { return columns_.data() + presynaptic * stride_; }
  void catch_up(std::size_t presynaptic);
  void catch_up_all();

  Layer& layer_;
  Rule rule_;
  float increment_;
  float decrement_;
  std::size_t stride_;  // from column to column: units, their padding, and the idle lanes'
  std::uint32_t idle_;  // index of the idle lanes in a column
  AlignedFloats& columns_;
  AlignedFloats sum_;
  std::vector<const float*> reading_;

  // The postsynaptic spikes in their order: `log_size_` entries. A vector may read on behind them.
  std::vector<std::uint32_t>& log_;
  std::vector<std::uint32_t>& previous_;  // see kernels::replay_changes
  std::uint32_t log_size_ = 0;
  std::vector<std::uint32_t> last_;    // per postsynaptic unit: 1 + its last entry in the log
  std::vector<std::uint32_t> cursor_;  // per presynaptic unit: how much of the log it has seen
};

}  // namespace hypnos

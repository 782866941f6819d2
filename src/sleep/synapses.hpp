#pragma once

// The synapses of one layer during sleep, kept so that work follows spikes:
//
// - by presynaptic column: a presynaptic spike adds one contiguous column to the layer's input;
// - with the decrement of silent synapses put off: spikes of postsynaptic units go into a log. A
//   column catches up with the part of the log that it has missed when it is next read, or at the
//   end. Every synapse sees its changes in the order in which they happened, to the bit.

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/network.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "sleep/aligned.hpp"

namespace hypnos {

/// The large arrays behind one layer's synapses, kept from sleep to sleep of networks of one shape:
/// asking the system for memory anew each time keeps threads waiting for each other.
struct SynapseMemory {
  AlignedFloats columns;
  std::vector<std::uint32_t> log;
  std::vector<std::uint32_t> previous;
};

class Synapses {
 public:
  /// Takes the layer's weights over; settle() puts them back.
  /// @param memory new, or used before for a layer of the same shape; must outlive the synapses
  Synapses(Layer& layer, const SleepParameters& parameters, SynapseMemory& memory);

  /// The summed weights of the active presynaptic units, for each postsynaptic unit; padded.
  const float* read(std::span<const std::uint32_t> active);

  /// Plasticity of one step: the postsynaptic units `fired`, ascending, while the presynaptic units
  /// `active`, which must have been read at this step, spiked.
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

  // Postsynaptic spikes in order; `log_size_` entries, behind which a vector may read on.
  std::vector<std::uint32_t>& log_;
  std::vector<std::uint32_t>& previous_;  // see kernels::replay_changes
  std::uint32_t log_size_ = 0;
  std::vector<std::uint32_t> last_;    // per postsynaptic unit: 1 + its last entry in the log
  std::vector<std::uint32_t> cursor_;  // per presynaptic unit: how much of the log it has seen
};

}  // namespace hypnos

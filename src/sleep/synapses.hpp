#pragma once

// The synapses of one layer during sleep. They are kept so that the work follows the spikes:
//
// - They lie in columns, one for each presynaptic unit: a presynaptic spike adds one contiguous
//   column to the layer's input.
// - The decrement of silent synapses is put off. Spikes of postsynaptic units are kept. A column
//   catches up with those that it has missed when it is read next, or at the end. Every synapse
//   sees its changes in the order in which they happened, to the bit.
// - How the spikes are kept depends on how many of them a column misses (missed_spikes.hpp). That
//   is measured.

#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned.hpp"
#include "hypnos/network.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "sleep/missed_spikes.hpp"

namespace hypnos {

/// The large arrays behind the synapses of one layer. They are kept from sleep to sleep of networks
/// of one shape, because threads wait for each other when they ask the system for memory each time.
struct SynapseMemory {
  AlignedFloats columns;
  std::vector<std::uint32_t> log;
  std::vector<std::uint32_t> previous;
  std::vector<std::uint8_t> counts;
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

  /// Whether spikes are counted at this time, not listed. It changes no result.
  bool counting() const { return counting_; }

 private:
  float* column(std::size_t presynaptic) { return columns_.data() + presynaptic * stride_; }
  std::uint32_t now() const { return counting_ ? counts_.now() : log_.now(); }
  bool has_room(std::size_t spikes) const;
  void catch_up(std::size_t presynaptic);
  void catch_up_all();
  void choose_form();

  Layer& layer_;
  kernels::Plasticity plasticity_;
  std::size_t stride_;  // from column to column: units, their padding, and the idle lanes'
  AlignedFloats& columns_;
  AlignedFloats sum_;
  std::vector<const float*> reading_;

  SpikeLog log_;
  SpikeCounts counts_;
  bool counting_ = false;  // the spikes are in counts_, otherwise in log_
  // Per presynaptic unit: the moment that it has caught up with, and with counts, whether it is
  // still to be strengthened by the spikes that led to this moment.
  std::vector<std::uint32_t> cursor_;
  std::vector<std::uint8_t> strengthened_;

  // What was seen since the form was chosen.
  std::size_t spikes_ = 0;
  std::size_t reads_ = 0;  // of single columns
  std::size_t next_choice_;
};

}  // namespace hypnos

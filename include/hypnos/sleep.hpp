#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "hypnos/network.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/stimulus.hpp"

namespace hypnos {

/// What happened during a sleep.
struct SleepReport {
  std::uint64_t steps = 0;  ///< simulated; fewer than asked for if it was stopped
  /// How often each unit fired: [layers + 1][units], the input first.
  std::vector<std::vector<std::uint64_t>> spike_counts = {};

  /// All spikes of a layer (0: the input).
  std::uint64_t spikes(std::size_t layer) const;
  /// Spikes per unit and step of a layer.
  double rate(std::size_t layer) const;
  /// Whether the layer never fired.
  bool silent(std::size_t layer) const { return spikes(layer) == 0; }
  /// Whether the layer fired all the time: its units at nine of ten steps, or more.
  bool saturated(std::size_t layer) const { return rate(layer) >= 0.9; }
};

/// Asked from time to time with the number of steps done; false stops the sleep there.
using SleepProgress = std::function<bool(std::uint64_t steps_done)>;

/// Sleep Replay Consolidation: simulates the network as a spiking one, driven by the stimulus, and
/// changes its weights by the plasticity rule. Equations are on top of src/sleep/sleep.cpp.
/// Mapping back to the awake network is the identity: what was slept is the network.
/// @param network changed in place; biases stay as they are
/// @param gains alpha_l, [layers], see input_gains
/// @throws ParameterError, InputError before anything is changed.
SleepReport sleep(Network& network, const SleepParameters& parameters,
                  std::span<const double> gains, const Stimulus& stimulus,
                  const SleepProgress& progress = {});

}  // namespace hypnos

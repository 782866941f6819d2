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
  std::uint64_t steps = 0;                  ///< simulated; fewer than asked for if it was stopped
  std::vector<std::uint64_t> spike_counts;  ///< of each layer, the input first
  std::vector<double> rates;                ///< of each layer [spikes per unit and step]

  /// Whether the layer (0: the input) never fired.
  bool silent(std::size_t layer) const { return spike_counts[layer] == 0; }
  /// Whether the layer fired all the time: its units at nine of ten steps, or more.
  bool saturated(std::size_t layer) const { return rates[layer] >= 0.9; }
};

/// Asked from time to time with the number of steps done; false stops the sleep there.
using SleepProgress = std::function<bool(std::uint64_t steps_done)>;

/// Sleep Replay Consolidation: simulates the network as a spiking one, driven by the stimulus, and
/// changes its weights by the plasticity rule. Equations are on top of src/sleep/sleep.cpp.
/// Mapping back to the awake network is the identity: what was slept is the network.
/// @param network changed in place; biases stay as they are
/// @param gains alpha_l, [layers], see input_gains
/// @throws ParameterError, InputError before anything is changed.
SleepReport sleep(Network& network, const SleepParameters& parameters, std::span<const double> gains,
                  const Stimulus& stimulus, const SleepProgress& progress = {});

}  // namespace hypnos

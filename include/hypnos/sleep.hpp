#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "hypnos/names.hpp"
#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/stimulus.hpp"

namespace hypnos {

/// Why a sleep ended.
enum class SleepEnd {
  complete,   ///< all steps were simulated
  cut_short,  ///< the observer ended it at a checkpoint, or it was stopped
  silent,     ///< a hidden layer had stopped firing (SleepObserver::hopeless_steps)
  saturated,  ///< a hidden layer fired all the time (SleepObserver::hopeless_steps)
};
template <>
inline constexpr Name<SleepEnd> names_of<SleepEnd>[] = {{SleepEnd::complete, "complete"},
                                                        {SleepEnd::cut_short, "cut short"},
                                                        {SleepEnd::silent, "silent"},
                                                        {SleepEnd::saturated, "saturated"}};

/// What happened during a sleep.
struct SleepReport {
  SleepEnd end = SleepEnd::complete;
  std::uint64_t steps = 0;              ///< simulated
  std::vector<double> thresholds = {};  ///< of each layer: as given, or as found for target rates
  /// With target rates: the rates that the layers reach at these thresholds, [layers].
  std::vector<double> calibrated_rates = {};
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

/// Thrown by a sleep that was stopped. The network is then as far as the sleep came.
class SleepStopped : public Stopped {
 public:
  explicit SleepStopped(SleepReport report) : so_far(std::move(report)) {}
  SleepReport so_far;
};

/// What a recorder is shown of the layers, from time to time.
struct LayerState {
  std::size_t layer;                ///< 1 .. L
  std::span<const float> membrane;  ///< [units]
  std::span<const float> weights;   ///< [units x inputs], row-major, all synapses up to date
};

/// Who looks on while a network sleeps. What is not set costs nothing.
struct SleepObserver {
  /// Shown the network so far after each of these numbers of steps (ascending); false ends the
  /// sleep there.
  std::function<bool(std::uint64_t steps_done, const Network& network)> checkpoint = {};
  std::vector<std::uint64_t> checkpoints = {};

  /// Shown the units of a layer (0: the input) that fired at a step, ascending; not called for
  /// none.
  std::function<void(std::uint64_t step, std::size_t layer, std::span<const std::uint32_t> units)>
      spikes = {};

  /// Shown each layer after every `state_steps` steps.
  std::function<void(std::uint64_t steps_done, const LayerState& state)> state = {};
  std::uint64_t state_steps = 0;

  /// If not 0: gives up when, over so many steps, a hidden layer fired never, or all the time.
  std::uint64_t hopeless_steps = 0;

  /// A sleep that is stopped leaves the network as far as it came, which takes up to a tenth of a
  /// second. With this it stops at once, and the network is of no use.
  bool drop_when_stopped = false;
};

/// Sleep Replay Consolidation: simulates the network as a spiking one, driven by the stimulus, and
/// changes its weights by the plasticity rule. Equations are on top of src/sleep/sleep.cpp.
/// Mapping back to the awake network is the identity: what was slept is the network.
/// @param network changed in place; biases stay as they are
/// @param gains alpha_l, [layers], see input_gains
/// @throws ParameterError, InputError, RateError before anything is changed; SleepStopped.
SleepReport sleep(Network& network, const SleepParameters& parameters,
                  std::span<const double> gains, const Stimulus& stimulus,
                  const SleepObserver& observer = {}, const Progress& progress = {});

}  // namespace hypnos

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/error.hpp"
#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/stimulus.hpp"

namespace hypnos {

/// A layer cannot fire nearly as often as it should.
class RateError : public ParameterError {
 public:
  RateError(std::size_t layer, double target, double highest);
  std::size_t layer() const { return layer_; }  ///< 1 .. L
  double target() const { return target_; }     ///< [spikes per unit and step]
  double highest() const { return highest_; }   ///< the highest rate that the layer can reach

 private:
  std::size_t layer_;
  double target_;
  double highest_;
};

/// Over how many steps of sleep, from its beginning, target rates are meant: twice the time
/// constant of the potentials' usual decay.
constexpr std::uint64_t calibration_steps = 2000;

struct FoundThreshold {
  double threshold = 0;
  double rate = 0;  ///< at this threshold: the target or the highest that the layer can reach
};

/// The thresholds at which each layer fires as often as TargetRates say, per unit and step, over
/// the first calibration_steps of the sleep, were there no plasticity. They are found layer by
/// layer, by bisection. A rate of 0, or one below a single spike in that time, gives a threshold
/// that was never reached; for 0, one that never will be. A layer that cannot fire quite as often
/// as the target, but half as often, fires as often as it can.
/// @param gains alpha_l, [layers]
/// @return [layers]
/// @throws RateError; Stopped.
/// @pre parameters.firing holds TargetRates
std::vector<FoundThreshold> find_thresholds(const Network& network,
                                            const SleepParameters& parameters,
                                            std::span<const double> gains, const Stimulus& stimulus,
                                            const Progress& progress = {});

}  // namespace hypnos

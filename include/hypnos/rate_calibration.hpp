#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/error.hpp"
#include "hypnos/network.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/stimulus.hpp"

namespace hypnos {

/// A layer cannot fire nearly as often as it should.
class RateError : public InputError {
  using InputError::InputError;
};

/// Over how many steps of sleep, from its beginning, target rates are meant: twice the time
/// constant of the potentials' usual decay.
constexpr std::uint64_t calibration_steps = 2000;

struct CalibratedLayer {
  double threshold = 0;
  double rate = 0;  ///< that it gives [spikes per unit and step]: the target, or all that can be
};

/// The thresholds at which each layer fires parameters.target_rate times per unit and step over
/// the first calibration_steps of the sleep, were there no plasticity. Found layer by layer, by
/// bisection. A rate of 0, or one below a single spike in that time, gives a threshold that was
/// never reached; for 0, one that never will be. A layer that cannot fire quite as often as the
/// target, but half as often, fires as often as it can.
/// @param gains alpha_l, [layers]
/// @return [layers]
/// @throws RateError naming the layer and the highest rate that it can reach.
std::vector<CalibratedLayer> find_thresholds(const Network& network,
                                             const SleepParameters& parameters,
                                             std::span<const double> gains,
                                             const Stimulus& stimulus);

}  // namespace hypnos

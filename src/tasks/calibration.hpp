#pragma once

#include <span>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/sequence_options.hpp"

namespace hypnos {

/// What shapes the noise of a sleep and its scale factors.
struct Calibrated {
  std::vector<float> mean;    ///< image, [features]
  std::vector<float> maxima;  ///< largest activation of each layer
};

/// @param learned tasks, the last of which has just been learned
/// @param trained_on the images that this one was trained on, stored ones among them
Calibrated calibrate(Calibration by, std::size_t learned, std::span<const TaskSamples> tasks,
                     const Network& network, const Dataset& train, const Dataset& trained_on,
                     const Execution& execution);

}  // namespace hypnos

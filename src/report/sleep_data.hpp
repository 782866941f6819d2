#pragma once

// What the page shows of the sleeps of one configuration: firing, weights and responses, layer by
// layer.

#include <span>

#include "hypnos/json.hpp"
#include "hypnos/outcome.hpp"

namespace hypnos {

/// Means over the sleeps, of each layer: [layers + 1], the input first.
/// @pre !sleeps.empty(), and all are of networks of one shape
Json layers_data(std::span<const SleepOutcome* const> sleeps);

/// Histograms of the weights, [layers], of the first sleep that has some: those of other seeds need
/// not have the same bins. Empty when none has.
Json histogram_data(std::span<const SleepOutcome* const> sleeps);

}  // namespace hypnos

#pragma once

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// Wakes a network: its outputs are rescaled to fit the labels of these samples best.
/// @return the factor
/// @throws InputError when no factor fits (see waking_factor()); the network is then as it was.
double wake_network(Network& network, const Dataset& data, const Execution& execution);

}  // namespace hypnos

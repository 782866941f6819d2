#pragma once

#include <span>
#include <vector>

#include "hypnos/sleep.hpp"
#include "sleep/synapses.hpp"

namespace hypnos {

/// Does what sleep() does. The memory can be used again for networks of the same shape.
/// @param memory one for each layer; they are made on first use
SleepReport simulate(Network& network, const SleepParameters& parameters,
                     std::span<const double> gains, const Stimulus& stimulus,
                     const SleepObserver& observer, const Progress& progress,
                     std::vector<SynapseMemory>& memory);

}  // namespace hypnos

#pragma once

#include <span>
#include <vector>

#include "hypnos/sleep.hpp"
#include "sleep/synapses.hpp"

namespace hypnos {

/// sleep(), with memory that can be used again for networks of the same shape.
/// @param memory per layer; made on first use
SleepReport simulate(Network& network, const SleepParameters& parameters,
                     std::span<const double> gains, const Stimulus& stimulus,
                     const SleepObserver& observer, std::vector<SynapseMemory>& memory);

}  // namespace hypnos

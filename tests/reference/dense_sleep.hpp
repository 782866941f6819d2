#pragma once

// The oracle of the sleep: every synapse at every step, as the equations stand, in single
// precision.

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/network.hpp"
#include "hypnos/sleep_parameters.hpp"
#include "hypnos/stimulus.hpp"

namespace hypnos::test {

/// Sleeps the network in place.
/// @return spike counts [layers + 1][units], the input first
std::vector<std::vector<std::uint64_t>> dense_sleep(Network& network,
                                                    const SleepParameters& parameters,
                                                    std::span<const double> gains,
                                                    const Stimulus& stimulus);

}  // namespace hypnos::test

#pragma once

// What iCaRL (Rebuffi et al. 2017) stores, and how it answers by that. Features are the activations
// of the last hidden layer in test mode, scaled to length 1. (The released scripts of Tadros et al.
// compute class means with dropout on; these do not.)

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/sequence_options.hpp"

namespace hypnos {

/// Chooses images of one class, in the order in which they are given up last.
/// @param samples of the class, in the training half
std::vector<std::uint32_t> choose_exemplars(Exemplars how, const Network& network,
                                            const Dataset& train,
                                            std::span<const std::uint32_t> samples,
                                            std::size_t count, std::uint64_t seed,
                                            const Execution& execution);

/// The class whose exemplars' mean feature, scaled to length 1, is nearest.
/// @param exemplars [classes], in the training half; classes without any are no answer
std::vector<std::uint32_t> nearest_exemplar_means(
    const Network& network, const Dataset& train,
    std::span<const std::vector<std::uint32_t>> exemplars, const Dataset& data,
    const Execution& execution);

}  // namespace hypnos

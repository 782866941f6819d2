#pragma once

#include <cstdint>

#include "hypnos/dataset.hpp"
#include "hypnos/distortion.hpp"
#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// The samples with distorted images; adversarial ones are made against this network in test mode,
/// with its weights known.
///
/// Adversarial images go up the cross-entropy of softmax(g z), where z are the outputs before any
/// ReLU, and g makes their range of each sample 10: so that gradients neither vanish where a
/// network is very sure, nor depend on whether it was woken.
/// @throws InputError as distort(), and when network and data do not fit.
Dataset distort(const Network& network, const Dataset& data, const Distortion& distortion,
                std::uint64_t seed, const Execution& execution = {});

/// How many passes of a sample through a network, forth or back, it takes to distort it and to
/// measure the network's answer.
double passes_of(const Distortion& distortion);

}  // namespace hypnos

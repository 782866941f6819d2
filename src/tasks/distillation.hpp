#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// Targets that keep what the network answers for the classes that it knows already.
///
/// ReLU outputs with squared error: outputs of known classes are to stay as they are, the others
/// are to become 1 for the sample's class and 0 otherwise (as iCaRL has it for its sigmoids).
/// Cross-entropy: (1 - p) one-hot + p softmax of the logits of the known classes, where p is their
/// part of all classes so far (Wu et al. 2019).
/// @param known classes of earlier tasks
/// @param classes in all so far
/// @return [samples x network.outputs()]
std::vector<float> distillation_targets(const Network& network, const Dataset& data,
                                        std::span<const std::uint32_t> known, std::size_t classes,
                                        const Execution& execution);

}  // namespace hypnos

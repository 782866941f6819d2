#pragma once

#include "hypnos/dataset.hpp"
#include "hypnos/prediction.hpp"

namespace hypnos {

/// What a network in test mode makes of a data set.
/// @throws InputError when the images do not fit the network's inputs, or the network is damaged.
Prediction predict(const Network& network, const Dataset& data, const Execution& execution = {},
                   const ResponseVisitor& visit = {});

}  // namespace hypnos

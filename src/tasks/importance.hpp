#pragma once

#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// How much each weight matters to the loss: the mean over samples of (dL/dw)^2, by the labels of
/// the samples and without dropout (the empirical Fisher information; Kirkpatrick et al. 2017).
/// @param most samples that are looked at, the first ones
/// @return [layers]
std::vector<Layer> weight_importance(const Network& network, const Dataset& data, std::size_t most,
                                     const Execution& execution);

}  // namespace hypnos

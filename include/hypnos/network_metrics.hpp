#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/dataset_prediction.hpp"
#include "hypnos/metrics.hpp"
#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// Logits after waking: outputs times the factor that fits the labels best, as probabilities
/// softmax(g * outputs) (temperature scaling; Guo et al. 2017). It is one number for all samples,
/// and is fitted to these labels. Where the outputs say nothing about the right classes all classes
/// are as probable, and samples keep their order.
/// @param outputs [samples x classes], of a ReLU network or logits
/// @return [samples x classes]
std::vector<double> awake_logits(std::span<const float> outputs,
                                 std::span<const std::uint32_t> labels, std::size_t classes);

/// How good a network's answers are, and what its outputs are worth as probabilities after waking.
/// @throws InputError when data and network do not fit, or there are no samples.
Metrics network_metrics(const Network& network, const Dataset& data,
                        const Execution& execution = {}, const ResponseVisitor& visit = {});

}  // namespace hypnos

#pragma once

// What the page knows of the sleeps of one configuration: firing, weights and responses, layer by
// layer.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "study/groups.hpp"

namespace hypnos {

/// Histograms of a trial's weights; see Database::weight_histograms.
using Histograms = std::function<std::vector<HistogramBin>(const std::string& trial)>;

/// [layers + 1], the input first: means over sleeps.
/// @pre !sleeps.empty(), and all are of networks of one shape
Json layers_data(std::span<const SleepOutcome* const> sleeps);

/// [layers], of the first trial that has some: seeds need not have the same bins.
Json histogram_data(const Group& group, const Histograms& histograms);

}  // namespace hypnos

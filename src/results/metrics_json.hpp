#pragma once

#include "hypnos/json.hpp"
#include "hypnos/metrics.hpp"

namespace hypnos {

/// A list of counts for each class, by answer.
Json rows_of(const ConfusionMatrix& confusion);

/// All metrics, per class and with the confusions.
Json to_json(const Metrics& metrics);

}  // namespace hypnos

#pragma once

#include "hypnos/json.hpp"
#include "hypnos/metrics.hpp"

namespace hypnos {

/// All metrics, per class and with the confusions.
Json to_json(const Metrics& metrics);

}  // namespace hypnos

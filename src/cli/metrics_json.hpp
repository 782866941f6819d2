#pragma once

#include "hypnos/metrics.hpp"
#include "training/recipe.hpp"

namespace hypnos::cli {

Json to_json(const Metrics& metrics);

}  // namespace hypnos::cli

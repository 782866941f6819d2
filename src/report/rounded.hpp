#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "hypnos/statistics.hpp"
#include "training/recipe.hpp"

namespace hypnos {

/// To five digits, so that pages stay small; what is not a number is null.
inline Json rounded(double value) {
  return std::isfinite(value) ? Json(std::stod(fmt::format("{:.5g}", value))) : Json();
}

inline Json summary_data(const Summary& summary) {
  return {
      {"n", summary.n}, {"mean", rounded(summary.mean)}, {"deviation", rounded(summary.deviation)}};
}

}  // namespace hypnos

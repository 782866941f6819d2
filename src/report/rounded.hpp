#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "hypnos/json.hpp"
#include "hypnos/statistics.hpp"

namespace hypnos {

/// The number with five digits, so that pages stay small; null for NaN and infinity.
inline Json rounded(double value) {
  return std::isfinite(value) ? Json(std::strtod(fmt::format("{:.5g}", value).c_str(), nullptr))
                              : Json();
}

inline Json summary_data(const Summary& summary) {
  return {
      {"n", summary.n}, {"mean", rounded(summary.mean)}, {"deviation", rounded(summary.deviation)}};
}

inline Json summary_data(const Summary& summary, const Interval& interval) {
  Json json = summary_data(summary);
  json["low"] = rounded(interval.low);
  json["high"] = rounded(interval.high);
  return json;
}

}  // namespace hypnos

#include "hypnos/sleep_parameters.hpp"

#include <fmt/format.h>

#include <cmath>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

void require(bool holds, const char* parameter, double value, const char* range) {
  // The simulation is in single precision: there the value must be finite, and not vanish.
  const auto single = static_cast<float>(value);
  if (!holds || !std::isfinite(single) || (value > 0 && single == 0)) {
    throw ParameterError(parameter, fmt::format("{} is not {}", value, range));
  }
}

void require_per_layer(const std::vector<double>& values, const char* parameter,
                       std::size_t layers) {
  if (values.size() != layers) {
    throw ParameterError(parameter,
                         fmt::format("has {} values for a network of {} layers; give one "
                                     "per layer",
                                     values.size(), layers));
  }
}

void require_positive(const std::vector<double>& values, const char* parameter,
                      std::size_t layers) {
  require_per_layer(values, parameter, layers);
  for (const double value : values) require(value > 0, parameter, value, "positive");
}

}  // namespace

void validate(const SleepParameters& p, std::size_t layers) {
  if (p.steps == 0) throw ParameterError("steps", "is missing or 0");
  require(p.time_step > 0, "time_step", p.time_step, "positive");
  require(p.max_rate >= 0, "max_rate", p.max_rate, "0 or more");
  require(p.decay >= 0 && p.decay <= 1, "decay", p.decay, "in [0, 1]");
  require(p.increment >= 0, "increment", p.increment, "0 or more");
  require(p.decrement >= 0, "decrement", p.decrement, "0 or more");
  require(p.inhibition >= 0, "inhibition", p.inhibition, "0 or more");
  require(true, "output_current", p.output_current, "finite");
  const bool by_rate = !p.target_rate.empty();
  if (by_rate) {
    if (!p.threshold.empty()) {
      throw ParameterError("target_rate", "cannot be combined with threshold");
    }
    require_per_layer(p.target_rate, "target_rate", layers);
    for (const double rate : p.target_rate) {
      require(
          rate >= 0 && rate < 0.9, "target_rate", rate,
          "in [0, 0.9) spikes per unit and step; a layer that fires all the time learns nothing");
    }
  } else if (p.threshold.empty()) {
    throw ParameterError("threshold", "is missing, and so is target_rate; give one of them");
  } else {
    require_positive(p.threshold, "threshold", layers);
  }
  if (p.alpha.empty()) {
    const bool left_out = by_rate && p.alpha_scale == 0;
    require(p.alpha_scale > 0 || left_out, "alpha_scale", p.alpha_scale, "positive");
  } else {
    if (p.alpha_scale != 0) throw ParameterError("alpha", "cannot be combined with alpha_scale");
    require_positive(p.alpha, "alpha", layers);
  }
}

}  // namespace hypnos

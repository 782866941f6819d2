#include "hypnos/sleep_parameters.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

void require(bool holds, const char* parameter, double value, const char* range) {
  if (!holds || !std::isfinite(value)) {
    throw ParameterError(parameter, fmt::format("{} is not {}", value, range));
  }
  // The simulation is in single precision. There the value must be finite and must not become 0.
  constexpr double largest = std::numeric_limits<float>::max();
  constexpr double smallest = std::numeric_limits<float>::denorm_min();
  if (std::fabs(value) > largest) {
    throw ParameterError(parameter,
                         fmt::format("{} is too large; {:.4g} is the largest number that "
                                     "the simulation knows",
                                     value, largest));
  }
  if (value != 0 && std::fabs(value) < smallest) {
    throw ParameterError(parameter,
                         fmt::format("{} is too small; {:.4g} is the smallest number that "
                                     "the simulation knows beside 0",
                                     value, smallest));
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

void require_firing(const SleepParameters& p, std::size_t layers) {
  if (const auto* given = std::get_if<Thresholds>(&p.firing)) {
    require_positive(given->values, "threshold", layers);
  } else if (const auto* target = std::get_if<TargetRates>(&p.firing)) {
    require_per_layer(target->values, "target_rate", layers);
    for (const double rate : target->values) {
      require(
          rate >= 0 && rate < 0.9, "target_rate", rate,
          "in [0, 0.9) spikes per unit and step; a layer that fires all the time learns nothing");
    }
  } else {
    throw ParameterError("threshold", "is missing, and so is target_rate; give one of them");
  }
}

void require_input_gain(const SleepParameters& p, std::size_t layers) {
  if (const auto* scale = std::get_if<GainScale>(&p.input_gain)) {
    require(scale->value > 0, "alpha_scale", scale->value, "positive");
  } else if (const auto* given = std::get_if<GivenGains>(&p.input_gain)) {
    require_positive(given->values, "alpha", layers);
  } else if (!std::holds_alternative<TargetRates>(p.firing)) {
    throw ParameterError("alpha_scale", "is missing, and so is alpha; give one of them");
  }
}

}  // namespace

void validate(const SleepParameters& p, std::size_t layers) {
  if (p.steps == 0) throw ParameterError("steps", "is missing or 0");
  require(p.time_step > 0, "time_step", p.time_step, "positive");
  require(p.max_rate >= 0, "max_rate", p.max_rate, "0 or more");
  require(p.decay >= 0 && p.decay <= 1, "decay", p.decay, "in [0, 1]");
  require(p.increment >= 0, "increment", p.increment, "0 or more");
  require(p.decrement >= 0, "decrement", p.decrement, "0 or more");
  require(p.dose > 0, "dose", p.dose, "positive");
  require(p.growth >= 0, "growth", p.growth, "0 or more");
  require(p.inhibition >= 0, "inhibition", p.inhibition, "0 or more");
  require(true, "output_current", p.output_current, "finite");
  require_firing(p, layers);
  require_input_gain(p, layers);
}

SleepParameters parameters_after(SleepParameters parameters, std::size_t tasks) {
  const double factor = 1 + parameters.growth * (static_cast<double>(tasks) - 1);
  parameters.steps =
      static_cast<std::uint64_t>(std::llround(factor * static_cast<double>(parameters.steps)));
  parameters.growth = 0;
  return parameters;
}

}  // namespace hypnos

#include "tuning/search_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/portable_math.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

double value_at(const Range& range, double position) {
  return range.low * portable::pow(range.high / range.low, position);
}

double position_in(const Range& range, double value) {
  if (value <= range.low) return 0;
  return std::min(1.0, portable::log(value / range.low) / portable::log(range.high / range.low));
}

const Range& layer_range(const SearchSpace& space, bool is_output) {
  if (space.firing == Firing::threshold) return space.threshold;
  return is_output ? space.output_rate : space.rate;
}

void require(const char* name, const Range& range) {
  const bool holds = range.low > 0 && range.low < range.high && std::isfinite(range.high);
  if (!holds) {
    throw ParameterError(name, fmt::format("cannot be searched from {} to {}; both must be "
                                           "positive, the first the smaller",
                                           range.low, range.high));
  }
}

const std::vector<double>& rates_of(const SleepParameters& p) {
  const auto* target = std::get_if<TargetRates>(&p.firing);
  if (target == nullptr) {
    throw ParameterError("target_rate", "is missing; a search of rates cannot start without it");
  }
  return target->values;
}

const std::vector<double>& thresholds_of(const SleepParameters& p) {
  const auto* given = std::get_if<Thresholds>(&p.firing);
  if (given == nullptr) {
    throw ParameterError("threshold", "is missing; a search of thresholds cannot start without it");
  }
  return given->values;
}

// The number of coordinates that do not belong to a layer.
std::size_t shared(const SearchSpace& space) {
  return 3U + (space.steps ? 1U : 0U) + (space.dose ? 1U : 0U) + (space.growth ? 1U : 0U);
}

}  // namespace

void validate(const SearchSpace& space) {
  require("max_rate", space.max_rate);
  require("increment", space.increment);
  require("decrement", space.decrement);
  require("rate", space.rate);
  require("output_rate", space.output_rate);
  require("threshold", space.threshold);
  if (space.steps) require("steps", *space.steps);
  if (space.dose) require("dose", *space.dose);
  if (space.growth) require("growth", *space.growth);
  if (space.max_steps == 0) throw ParameterError("max_steps", "must not be 0");
}

std::size_t dimensions(const SearchSpace& space, std::size_t layers) {
  return shared(space) + layers;
}

SleepParameters parameters_at(std::span<const double> position, const SearchSpace& space,
                              const SleepParameters& base) {
  SleepParameters p = base;
  p.steps = space.max_steps;
  p.max_rate = value_at(space.max_rate, position[0]);
  p.increment = value_at(space.increment, position[1]);
  p.decrement = value_at(space.decrement, position[2]);
  p.input_gain = GainScale{1};
  std::size_t next = 3;
  if (space.steps) {
    p.steps = static_cast<std::uint64_t>(std::llround(value_at(*space.steps, position[next++])));
  }
  if (space.dose) p.dose = value_at(*space.dose, position[next++]);
  if (space.growth) p.growth = value_at(*space.growth, position[next++]);
  std::vector<double> of_layers;
  for (std::size_t d = next; d < position.size(); ++d) {
    of_layers.push_back(value_at(layer_range(space, d + 1 == position.size()), position[d]));
  }
  if (space.firing == Firing::rate) {
    p.firing = TargetRates{std::move(of_layers)};
  } else {
    p.firing = Thresholds{std::move(of_layers)};
  }
  return p;
}

std::vector<double> position_of(const SleepParameters& p, const SearchSpace& space) {
  const bool by_rate = space.firing == Firing::rate;
  const std::vector<double>& of_layers = by_rate ? rates_of(p) : thresholds_of(p);
  std::vector<double> position = {position_in(space.max_rate, p.max_rate),
                                  position_in(space.increment, p.increment),
                                  position_in(space.decrement, p.decrement)};
  if (space.steps) {
    position.push_back(position_in(*space.steps, static_cast<double>(p.steps)));
  }
  if (space.dose) position.push_back(position_in(*space.dose, p.dose));
  if (space.growth) position.push_back(position_in(*space.growth, p.growth));
  // Thresholds are searched at a gain scale of 1, where they mean the same when divided by it.
  const auto* given = std::get_if<GainScale>(&p.input_gain);
  const double scale = by_rate || given == nullptr ? 1 : given->value;
  for (std::size_t l = 0; l < of_layers.size(); ++l) {
    const Range& range = layer_range(space, l + 1 == of_layers.size());
    position.push_back(position_in(range, of_layers[l] / scale));
  }
  return position;
}

}  // namespace hypnos

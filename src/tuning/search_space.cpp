#include "tuning/search_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

double value_at(const Range& range, double position) {
  return range.low * std::pow(range.high / range.low, position);
}

double position_in(const Range& range, double value) {
  if (value <= range.low) return 0;
  return std::min(1.0, std::log(value / range.low) / std::log(range.high / range.low));
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

constexpr std::size_t shared = 3;  // coordinates that do not belong to a layer

}  // namespace

void validate(const SearchSpace& space) {
  require("max_rate", space.max_rate);
  require("increment", space.increment);
  require("decrement", space.decrement);
  require("rate", space.rate);
  require("output_rate", space.output_rate);
  require("threshold", space.threshold);
  if (space.max_steps == 0) throw ParameterError("max_steps", "must not be 0");
}

std::size_t dimensions(std::size_t layers) {
  return shared + layers;
}

SleepParameters at(std::span<const double> position, const SearchSpace& space,
                   const SleepParameters& base) {
  SleepParameters p = base;
  p.steps = space.max_steps;
  p.max_rate = value_at(space.max_rate, position[0]);
  p.increment = value_at(space.increment, position[1]);
  p.decrement = value_at(space.decrement, position[2]);
  p.alpha.clear();
  p.alpha_scale = 1;
  p.threshold.clear();
  p.target_rate.clear();
  auto& firing = space.firing == Firing::rate ? p.target_rate : p.threshold;
  for (std::size_t d = shared; d < position.size(); ++d) {
    firing.push_back(value_at(layer_range(space, d + 1 == position.size()), position[d]));
  }
  return p;
}

std::vector<double> position_of(const SleepParameters& p, const SearchSpace& space) {
  const bool by_rate = space.firing == Firing::rate;
  const auto& firing = by_rate ? p.target_rate : p.threshold;
  if (firing.empty()) {
    throw InputError(fmt::format("the search cannot start from parameters without {}",
                                 by_rate ? "target_rate" : "threshold"));
  }
  std::vector<double> position = {position_in(space.max_rate, p.max_rate),
                                  position_in(space.increment, p.increment),
                                  position_in(space.decrement, p.decrement)};
  // Thresholds are searched at alpha_scale 1, where they mean the same when divided by it.
  const double scale = by_rate || p.alpha_scale == 0 ? 1 : p.alpha_scale;
  for (std::size_t l = 0; l < firing.size(); ++l) {
    position.push_back(position_in(layer_range(space, l + 1 == firing.size()), firing[l] / scale));
  }
  return position;
}

}  // namespace hypnos

#pragma once

// The parameters that are searched are coordinates in [0, 1], on a logarithmic scale.

#include <cstddef>
#include <span>
#include <vector>

#include "hypnos/sleep_parameters.hpp"
#include "hypnos/tuning.hpp"

namespace hypnos {

/// Checks the ranges. @throws ParameterError naming the one that is wrong.
void validate(const SearchSpace& space);

/// The number of coordinates: max_rate, increment, decrement, the length, the dose and the growth
/// where they are searched, and one for each layer.
std::size_t dimensions(const SearchSpace& space, std::size_t layers);

/// The parameters at a position. All others are those of `base`, and the length is max_steps
/// where it is not searched.
SleepParameters parameters_at(std::span<const double> position, const SearchSpace& space,
                              const SleepParameters& base);

/// The position of parameters. Values outside of the space are moved to its border.
/// @throws ParameterError when they have thresholds where rates are searched, or the other way
/// round.
std::vector<double> position_of(const SleepParameters& parameters, const SearchSpace& space);

}  // namespace hypnos

#pragma once

// The searched parameters as coordinates in [0, 1], logarithmic.

#include <cstddef>
#include <span>
#include <vector>

#include "hypnos/sleep_parameters.hpp"
#include "hypnos/tuning.hpp"

namespace hypnos {

/// Checks the ranges. @throws ParameterError naming the one that is wrong.
void validate(const SearchSpace& space);

/// Number of coordinates for networks of so many layers: max_rate, increment, decrement, and one
/// per layer.
std::size_t dimensions(std::size_t layers);

/// The parameters at a position; the rest is that of `base`, the length max_steps.
SleepParameters at(std::span<const double> position, const SearchSpace& space,
                   const SleepParameters& base);

/// The position of parameters, those outside of the space moved to its border.
/// @throws InputError when they say thresholds where rates are searched, or the other way round.
std::vector<double> position_of(const SleepParameters& parameters, const SearchSpace& space);

}  // namespace hypnos

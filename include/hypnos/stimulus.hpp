#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "hypnos/image_shape.hpp"
#include "hypnos/sleep_parameters.hpp"

namespace hypnos {

/// The input of a sleep: puts the indices of the input units that spike at a step into `active`,
/// ascending. Steps are asked for in any order and as often as one likes.
using Stimulus = std::function<void(std::uint64_t step, std::vector<std::uint32_t>& active)>;

/// @throws ParameterError when the noise's patch does not fit into an input of this shape.
void check_patch(const SleepParameters& parameters, const ImageShape& shape);

/// Noise in the shape of the average input. At each step a square patch of side
/// parameters.patch, its corner uniform over all places where it fits, spikes with probability
///   min(1, 2 * time_step * max_rate * mean)
/// per input unit, in all channels; outside it nothing spikes. A side of 0 means the whole input.
/// @param mean mean image of the calibration set, [shape.features()]
/// @param seed the same seed gives the same spikes
/// @throws ParameterError when the patch does not fit into the image.
Stimulus noise_patches(std::span<const float> mean, const ImageShape& shape,
                       const SleepParameters& parameters, std::uint64_t seed);

/// Given spikes instead of noise.
/// @param spikes [steps x inputs], row-major; not 0: a spike. Steps past the end are silent.
Stimulus given_spikes(std::span<const std::uint8_t> spikes, std::size_t inputs);

}  // namespace hypnos

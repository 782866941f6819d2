#pragma once

// When, along a training, a network sleeps.

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/training_options.hpp"

namespace hypnos {

/// The trainings before, between and after sleeps: a training by updates is cut where the network
/// sleeps. The learning rate is constant up to the last sleep. From there it falls to 0 along half
/// a cosine. Weights are averaged, if they are, after the last sleep.
/// @param sleep_after updates before each sleep, counted from the beginning of the training
/// @return one training more than there are sleeps
/// @throws ParameterError when the training is not by updates, or the sleeps are not in order, or
///   not before its end.
std::vector<TrainingOptions> divide_training(const TrainingOptions& whole,
                                             std::span<const std::uint64_t> sleep_after);

}  // namespace hypnos

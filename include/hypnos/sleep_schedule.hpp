#pragma once

// When, along a training, a network sleeps.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hypnos/training_options.hpp"

namespace hypnos {

/// The training after the last sleep: so many updates, by a learning rate that falls to 0 along
/// half a cosine.
/// @param learning_rate at first; empty: that of the options
TrainingOptions training_after_sleep(TrainingOptions options, std::uint64_t updates,
                                     std::optional<double> learning_rate = {});

/// The trainings before, between and after sleeps: a training by updates is cut where the network
/// sleeps. The learning rate is constant up to the last sleep; training_after_sleep() says how it
/// goes on. Weights are averaged, if they are, after the last sleep.
/// @param sleep_after updates before each sleep, counted from the beginning of the training
/// @param learning_rate after the last sleep, at first; empty: as before
/// @return one training more than there are sleeps
/// @throws ParameterError when the training is not by updates, or the sleeps are not in order, or
///   not before its end, or the learning rate is not one.
std::vector<TrainingOptions> divide_training(const TrainingOptions& whole,
                                             std::span<const std::uint64_t> sleep_after,
                                             std::optional<double> learning_rate = {});

}  // namespace hypnos

#pragma once

#include <cstdint>

#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/subject.hpp"
#include "hypnos/training_options.hpp"

namespace hypnos {

/// Trains a subject's network on, on the subject's training samples.
/// @param wake it first, for it has slept
/// @return whether that could be done: not where it cannot be woken, or training diverges
bool train_on(Network& network, const Subject& subject, const TrainingOptions& options, bool wake,
              std::uint64_t seed, const Execution& execution);

}  // namespace hypnos

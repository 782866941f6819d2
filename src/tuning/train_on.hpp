#pragma once

#include <cstdint>

#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/subject.hpp"
#include "hypnos/training_options.hpp"

namespace hypnos {

/// Wakes a subject's network and trains it on, on the subject's training samples. One that has not
/// slept is woken, too: what waking does by itself is no gain of sleep. One that cannot be woken is
/// trained on as it is.
/// @return whether that could be done: not where training diverges
bool train_on(Network& network, const Subject& subject, const TrainingOptions& options,
              std::uint64_t seed, const Execution& execution);

}  // namespace hypnos

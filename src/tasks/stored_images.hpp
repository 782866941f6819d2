#pragma once

// Which images of earlier tasks a task is trained on again.

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/sequence_options.hpp"

namespace hypnos {

/// The memory after so many tasks: the classes share it evenly, and of each a part of its training
/// samples is there that does not depend on later tasks. (So it is as if each class had a reservoir
/// that loses its last ones when there are more classes.)
/// @param labels of the training half
std::vector<std::uint32_t> stored_after(std::size_t learned, std::size_t memory,
                                        std::span<const TaskSamples> tasks,
                                        std::span<const std::uint32_t> labels, std::uint64_t seed);

/// A part of all images of the tasks before this one, rounded to hundreds, as the released scripts
/// draw them.
std::vector<std::uint32_t> drawn_before(std::size_t task, double fraction,
                                        std::span<const TaskSamples> tasks, std::uint64_t seed);

}  // namespace hypnos

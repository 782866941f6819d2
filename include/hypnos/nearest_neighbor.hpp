#pragma once

#include <span>

#include "hypnos/kernel_regression.hpp"

namespace hypnos {

/// The class that most of the k nearest training images (Euclidean distance) have; of equally many
/// the one whose nearest image is nearer. k is that of `numbers` which answers most training
/// samples rightly when each is left out in turn, the smallest of equals.
/// @param numbers of neighbors, ascending; those that are not below the number of training samples
///   are left out, but for the first
/// @throws InputError when the data do not fit each other.
ClosedFormAnswers classify_by_nearest_neighbors(const Dataset& training, const Dataset& test,
                                                std::span<const std::size_t> numbers,
                                                const Execution& execution = {});

}  // namespace hypnos

#pragma once

// What closed-form classifiers share.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>

#include "hypnos/dataset.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// The place of the largest value, the first of equals.
inline std::uint32_t largest(std::span<const double> values) {
  return static_cast<std::uint32_t>(std::max_element(values.begin(), values.end()) -
                                    values.begin());
}

/// @throws InputError when there are no training samples, or the images differ in size.
void check_same_kind(const Dataset& training, const Dataset& test);

/// Shows the images of 500 samples at a time: what is computed of them with all training samples
/// need not fit into memory at once.
/// @param work told the images, and how to tell its progress
void for_each_block(
    const Dataset& data, const Progress& progress,
    const std::function<void(std::span<const float> images, const Progress& progress)>& work);

}  // namespace hypnos

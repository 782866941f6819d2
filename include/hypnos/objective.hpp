#pragma once

#include "hypnos/dataset.hpp"
#include "hypnos/names.hpp"
#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// The number by which a network is judged; more is better.
enum class Objective {
  accuracy,
  balanced_accuracy,  ///< mean of the recalls of the classes
  cross_entropy,      ///< minus the cross-entropy of softmax(g * outputs), g the factor that fits
                      ///< best: what the outputs are worth after waking
};
template <>
inline constexpr Name<Objective> names_of<Objective>[] = {
    {Objective::accuracy, "accuracy"},
    {Objective::balanced_accuracy, "balanced-accuracy"},
    {Objective::cross_entropy, "cross-entropy"}};

/// @throws InputError when data and network do not fit, or there are no samples.
double score(const Network& network, const Dataset& data, Objective objective,
             const Execution& execution = {});

}  // namespace hypnos

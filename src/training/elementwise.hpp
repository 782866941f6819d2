#pragma once

// What training does to each number between its matrix products, one pass over memory each.

#include <cstdint>
#include <span>

namespace hypnos {

/// Hidden units are dropped at random, and those that are kept are scaled.
struct Dropout {
  std::uint32_t below = 0;  ///< a unit whose random word is below this is dropped
  float scale = 1;          ///< of units that are kept
};

/// a = max(0, a), and 0 where the unit's word drops it. NaN stays NaN unless it is dropped.
/// @param words as many as there are activations
void rectify_and_drop(std::span<float> activations, std::span<const std::uint32_t> words,
                      Dropout dropout);

/// A unit passes its error on where it was active; there it was scaled. 0 elsewhere.
/// @param activations as rectify_and_drop() has left them, as many as there are errors
void pass_error_back(std::span<float> errors, std::span<const float> activations, float scale);

/// w -= u; u *= momentum
void step(std::span<float> weights, std::span<float> updates, float momentum);

}  // namespace hypnos

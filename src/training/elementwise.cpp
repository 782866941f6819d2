#include "training/elementwise.hpp"

#include <cassert>
#include <cstddef>

namespace hypnos {

void rectify_and_drop(std::span<float> activations, std::span<const std::uint32_t> words,
                      Dropout dropout) {
  assert(words.size() == activations.size());
  for (std::size_t i = 0; i < activations.size(); ++i) {
    const float scaled = activations[i] * dropout.scale;
    const float rectified = scaled < 0 ? 0 : scaled;
    activations[i] = words[i] < dropout.below ? 0 : rectified;
  }
}

void pass_error_back(std::span<float> errors, std::span<const float> activations, float scale) {
  assert(activations.size() == errors.size());
  for (std::size_t i = 0; i < errors.size(); ++i) {
    errors[i] = activations[i] > 0 ? errors[i] * scale : 0;
  }
}

void step(std::span<float> weights, std::span<float> updates, float momentum) {
  assert(updates.size() == weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] -= updates[i];
    updates[i] *= momentum;
  }
}

}  // namespace hypnos

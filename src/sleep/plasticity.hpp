#pragma once

// Plasticity (Tadros et al. 2022). When the postsynaptic unit i spikes at a step:
//   W[i,j] += increment * phi(W[i,j])   for each j that spiked at that step
//   W[i,j] -= decrement * phi(W[i,j])   for each j that did not
// phi by rule:
//   tadros2022:  2 / (1 + exp(w / 0.001)): 2 for clearly negative weights, 1 at zero, nearly 0 for
//                clearly positive ones, which are therefore frozen
//   sigmoid:     1 / (1 + exp(-w))
//   hebbian:     1

#include <cmath>

#include "hypnos/sleep_parameters.hpp"

namespace hypnos {

template <Rule rule>
float phi(float w) {
  if constexpr (rule == Rule::tadros2022) {
    // Outside these bounds single precision gives just these values.
    if (w > 0.1F) return 0.0F;
    if (w < -0.0175F) return 2.0F;
    return 2.0F / (1.0F + std::exp(w * 1000.0F));
  } else if constexpr (rule == Rule::sigmoid) {
    return 1.0F / (1.0F + std::exp(-w));
  } else {
    return 1.0F;
  }
}

}  // namespace hypnos

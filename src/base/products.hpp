#pragma once

// Matrix products of fully connected layers, in the widest vector instructions that the machine has
// (Google Highway, chosen at run time).
//
// Each element of a result is one chain of fused multiply-adds in single precision, over ascending
// positions, that starts from the bias or from 0. To store a partial sum does not round it. So
// tiles, the width of panels and the number of threads change no bit of a result, and results are
// the same on every machine.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "base/panels.hpp"
#include "base/thread_team.hpp"

namespace hypnos {

/// The name of the vector instructions that are used on this machine.
std::string_view vector_target();

/// Without fused multiply-add in the machine's vector instructions it is computed by other
/// operations: exactly, but many times slower.
bool has_fused_multiply_add();

/// What becomes of a unit's input.
enum class Activation {
  linear,
  rectified,              ///< max(0, scale * z); NaN stays NaN, so that divergence is seen
  rectified_and_dropped,  ///< and 0 where the unit's random word is below `drop_below`
};

/// result = activation(bias + below weights), for `samples` rows.
struct ForwardProduct {
  std::size_t samples;
  const Panels& below;  ///< [samples or more x inputs]
  const LayerPanels& layer;
  Panels& result;  ///< [samples or more x outputs]
  Activation activation = Activation::linear;
  float scale = 1;                       ///< positive
  const std::uint32_t* words = nullptr;  ///< [samples x outputs], and a panel's width more
  std::uint32_t drop_below = 0;
};
void multiply_forward(const ForwardProduct& product, Share share);

/// below = errors weights^T times `scale` where units were active, 0 elsewhere.
struct BackwardProduct {
  std::size_t samples;
  const Panels& weights;      ///< [inputs x outputs]
  const Panels& errors;       ///< transposed: [outputs x samples or more]
  const Panels& activations;  ///< of the units below, [samples or more x inputs]
  float scale;
  Panels& below;             ///< [samples or more x inputs]
  Panels& below_transposed;  ///< [inputs x samples or more]
};
void multiply_backward(const BackwardProduct& product, Share share);

/// Stochastic gradient descent with momentum:
///   u += rate * g + decay * w,  w -= u,  u *= momentum
/// `g` is a sum over samples; the rate contains the division by their number.
struct MomentumStep {
  float rate;
  float decay;  ///< the learning rate times the weight decay
  float momentum;
};

/// Adam (Kingma and Ba 2015), as PyTorch computes it:
///   h = rate * g + decay * w,  m += (1 - beta1) (h - m),  v = beta2 v + (1 - beta2) h^2,
///   w -= step * m / (sqrt(v) / root_correction + epsilon)
/// The rate is 1 / samples.
struct AdamStep {
  float rate;
  float decay;
  float beta1, beta2;
  float step;             ///< learning rate / (1 - beta1^t)
  float root_correction;  ///< sqrt(1 - beta2^t)
  float epsilon;
};

using UpdateStep = std::variant<MomentumStep, AdamStep>;

/// How many numbers an update step keeps for each weight.
inline std::size_t numbers_kept(const UpdateStep& step) {
  return std::holds_alternative<AdamStep>(step) ? 2 : 1;
}

/// The gradient g = below^T errors of a layer's weights and the sum of the errors for its biases,
/// and at once the step that they cause.
struct GradientProduct {
  std::size_t samples;
  const Panels& below;   ///< [samples or more x inputs]
  const Panels& errors;  ///< [samples or more x outputs]
  UpdateStep step;
  LayerPanels& layer;
  std::span<LayerPanels>
      kept;  ///< [numbers_kept], of the layer's form; zeros before the first step
};
void multiply_gradient(const GradientProduct& product, Share share);

/// The largest value of the first `samples` rows, or 0. NaN does not count. A share looks at what
/// the same share of multiply_forward() has computed.
float largest_or_zero(const Panels& panels, std::size_t samples, Share share);

}  // namespace hypnos

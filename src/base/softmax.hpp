#pragma once

#include <cstddef>
#include <span>

namespace hypnos {

/// Rows for softmax_error() have a multiple of so many values.
inline constexpr std::size_t softmax_padding = 16;

/// From logits to dL/dz of the cross-entropy, in place: z = softmax(z) - one-hot(label). The same
/// bits on every machine; exponentials are right to about 1e-7.
/// @param z padded to a multiple of softmax_padding; what stands behind `classes` is overwritten
/// @param scratch as long as z
/// @return the loss, -log softmax(z)[label]
float softmax_error(std::span<float> z, std::size_t classes, std::size_t label,
                    std::span<float> scratch);

/// y = exp(x), x up to 88; 0 below -87.3. @param x a multiple of softmax_padding
void exponentials(std::span<const float> x, std::span<float> y);

/// y = log(x) of positive normal numbers. @param x a multiple of softmax_padding
void logarithms(std::span<const float> x, std::span<float> y);

}  // namespace hypnos

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// Neural tangent kernel of a fully connected ReLU network without biases whose layers are
/// infinitely wide (Jacot, Gabriel, Hongler 2018; the expectations are the arc-cosine kernels of
/// Cho & Saul 2009). Weights have variance 2 / inputs, so that S(x, x) is the same in all layers:
///
///     S_0(x, y) = x.y / features,                      T_0 = S_0
///     S_h = sqrt(S_h-1(x, x) S_h-1(y, y)) (sin a + (pi - a) cos a) / pi
///     T_h = S_h + T_h-1 (pi - a) / pi
///     with cos a = S_h-1(x, y) / sqrt(S_h-1(x, x) S_h-1(y, y))
///
/// @param first, second [samples x features], row-major
/// @param hidden_layers h of the result T_h
/// @return [samples of first x samples of second], row-major
std::vector<double> neural_tangent_kernel(std::span<const float> first,
                                          std::span<const float> second, std::size_t features,
                                          std::size_t hidden_layers,
                                          const Execution& execution = {});

/// Kernel ridge regression on one-hot targets Y: outputs k(x) A with A = (K + ridge I)^-1 Y.
struct KernelRegression {
  double ridge = 0;
  double leave_one_out = 0;          ///< part of the samples answered rightly by the other ones
  std::vector<double> coefficients;  ///< A, [samples x classes], row-major
};

/// The ridge is that of `ridges` with the most right answers when each sample is left out in turn,
/// of equals the one with the smallest squared error. Left out, sample i has the output
/// y_i - A_i / ((K + ridge I)^-1)_ii (Rasmussen & Williams 2006, eq. 5.12): nothing is solved anew.
/// @param kernel [samples x samples], symmetric
/// @param ridges in units of the mean of the kernel's diagonal; positive
/// @throws InputError when there are fewer than two samples, or when K + ridge I is positive
///   definite for none of the ridges.
KernelRegression fit_kernel_regression(std::span<const double> kernel,
                                       std::span<const std::uint32_t> labels, std::size_t classes,
                                       std::span<const double> ridges,
                                       const Execution& execution = {});

/// Answers of a classifier that is there in closed form, and what it chose by its training samples.
struct ClosedFormAnswers {
  std::vector<std::uint32_t> answers;  ///< [test samples]
  double chosen = 0;                   ///< the ridge, or the number of neighbors
  double leave_one_out = 0;            ///< accuracy on the training samples, each left out in turn
};

/// Kernel ridge regression with the neural tangent kernel; ridges from 1e-6 to 1.
/// Takes about 20 n^2 bytes and 9 n^3 operations for n training samples.
/// @throws InputError when the data do not fit each other.
ClosedFormAnswers classify_by_tangent_kernel(const Dataset& training, const Dataset& test,
                                             std::size_t hidden_layers,
                                             const Execution& execution = {});

}  // namespace hypnos

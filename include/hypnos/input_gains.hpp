#pragma once

#include <span>
#include <vector>

#include "hypnos/network.hpp"
#include "hypnos/sleep_parameters.hpp"

namespace hypnos {

/// The largest activation of each layer over a calibration set, in test mode; not below 0.
/// predict() finds them along with its answers.
/// @param images [samples x network.inputs()], row-major
/// @return [layers]; the last is the output layer's
std::vector<float> activation_maxima(const Network& network, std::span<const float> images);

/// Computes scale factors f_l from the network and its activations (Diehl et al. 2015, as the
/// released code of Tadros et al. 2022 applies it):
///   m_l = max(max(0, max W_l), activation maximum of layer l),  g_l = m_l / g_(l-1),  g_0 = 1,
///   f_l = 1 / g_l
/// @param maxima [layers], see activation_maxima
/// @throws InputError when a layer has neither a positive weight nor a positive activation.
std::vector<double> scale_factors(const Network& network, std::span<const float> maxima);

/// The input gains alpha_l: as given, or the scale factors times the gain scale.
/// @return [layers]
std::vector<double> input_gains(const SleepParameters& parameters, const Network& network,
                                std::span<const float> maxima);

}  // namespace hypnos

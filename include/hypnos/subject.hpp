#pragma once

#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"
#include "hypnos/sleep_batch.hpp"

namespace hypnos {

/// A trained network that sleeps are tried on, and the samples that judge it.
struct Subject {
  Network network;
  std::vector<float> maxima;  ///< [layers], of the calibration set: see activation_maxima
  std::vector<float> mean;    ///< mean image of the calibration set
  Dataset evaluation;
};

/// @param calibration what shapes the noise and the scale factors: what the network was trained on
/// @throws InputError when network and data do not fit.
Subject make_subject(Network network, const Dataset& calibration, Dataset evaluation);

/// The subject as sleep_batch wants it; refers to it.
Sleeper sleeper(const Subject& subject);

}  // namespace hypnos

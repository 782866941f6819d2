#pragma once

#include <span>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/sleeper.hpp"

namespace hypnos {

/// A trained network that sleeps are tried on, and the samples that judge it.
struct Subject {
  Sleeper sleeper;
  Dataset training;  ///< what it was trained on
  Dataset evaluation;
};

/// @param calibration what shapes the noise and the scale factors: what the network was trained on
/// @throws InputError when network and data do not fit.
Subject make_subject(Network network, const Dataset& calibration, Dataset evaluation,
                     const Execution& execution = {});

/// The subjects' networks, for a batch; refers to them.
std::vector<const Sleeper*> sleepers_of(std::span<const Subject> subjects);

}  // namespace hypnos

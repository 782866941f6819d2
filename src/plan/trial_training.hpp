#pragma once

// How the networks of a trial are trained.

#include <string>

#include "hypnos/recipe.hpp"
#include "hypnos/sequence.hpp"
#include "hypnos/trial.hpp"

namespace hypnos {

/// The pre-training as the configuration of a trial has it.
Json to_json(const Pretraining& pretraining);

/// How the trained network is made, as its file remembers; no stage is in its history yet.
Recipe recipe_of(const Trial& trial);

/// The trial whose network is trained on other data first.
/// @pre trial.pretraining
Trial pretraining_trial(const Trial& trial);

/// The tasks in sequence that the trial learns.
/// @pre trial.sequence
Sequence sequence_of(const Trial& trial);

/// SHA-256 of what determines the trained network.
std::string network_id_of(const Trial& trial);

}  // namespace hypnos

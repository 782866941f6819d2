#pragma once

#include "plan/resolution.hpp"

namespace hypnos {

/// The choices of each learner of a sequence: the network that sleeps, if the plan has a sleep, and
/// those that it is held against. Those without tasks come back as they are. iCaRL is left out
/// where there is no memory.
std::vector<Choices> with_each_learner(const Choices& choices);

/// Makes the trial one of tasks in sequence.
/// @pre choices.sequence; the trial has its data and training
/// @throws ParameterError naming the key
void resolve_sequence(Choices& choices, const Surroundings& surroundings, Trial& trial);

}  // namespace hypnos

#pragma once

// The keys of a plan that say how tasks are learned in sequence.

#include <vector>

#include "plan/plan_keys.hpp"

namespace hypnos {

std::vector<PlanKey> sequence_keys();

/// The choices of a sequence as Trial::choices has them: what its learner does not look at is left
/// out.
/// @pre choices.sequence
void add_sequence(const Choices& choices, Json& json);

}  // namespace hypnos

#pragma once

// Parts of outcomes as JSON.

#include <optional>

#include "hypnos/json.hpp"
#include "hypnos/outcome.hpp"

namespace hypnos {

/// A number that is not there is null.
Json number_or_null(const std::optional<double>& number);

/// What is left of tasks in sequence, as one level.
Json measures_json(const SequenceOutcome& sequence);

}  // namespace hypnos

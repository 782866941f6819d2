#pragma once

#include "hypnos/database.hpp"

namespace hypnos {

/// What a trial is, in the plan's words: id, name, choices and seed, as one level.
Json trial_words(const StoredTrial& trial);

}  // namespace hypnos

#pragma once

// All that a database knows, for other programs.

#include <span>
#include <string>

#include "study/database.hpp"

namespace hypnos::cli {

/// One line per trial.
std::string to_csv(std::span<const StoredTrial> trials);

/// Objects of one level as lines; the first has the names of all.
std::string to_csv(std::span<const Json> rows);

/// What a trial is, in the plan's words: id, name, choices and seed, as one level.
Json words_of(const StoredTrial& trial);

/// Everything: per class, confusions, weights, activity.
Json to_json(const StoredTrial& trial);

}  // namespace hypnos::cli

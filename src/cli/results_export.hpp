#pragma once

// All that a database knows, for other programs.

#include <span>
#include <string>

#include "study/database.hpp"

namespace hypnos::cli {

/// One line per trial.
std::string to_csv(std::span<const StoredTrial> trials);

/// Everything: per class, confusions, weights, activity.
Json to_json(const StoredTrial& trial);

}  // namespace hypnos::cli

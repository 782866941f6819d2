#pragma once

// All that a database knows of its trials, for other programs.

#include <span>
#include <string>

#include "hypnos/database.hpp"

namespace hypnos {

/// One line per trial, and a head with the names of the columns.
std::string trials_csv(std::span<const StoredTrial> trials);

/// One line per trial and layer: what sleep did to weights and responses.
std::string weights_csv(std::span<const StoredTrial> trials);

/// Everything about one trial: per class, confusions, weights, activity.
Json to_json(const StoredTrial& trial);

/// What is left of tasks in sequence: the measures, and the accuracies after each task.
Json to_json(const SequenceOutcome& sequence);

/// A study and how much of it is done.
Json to_json(const Study& study);

}  // namespace hypnos

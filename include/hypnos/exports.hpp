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

/// What one trial found.
Json to_json(const Outcome& outcome);

/// An outcome from the JSON that to_json() makes of it, whole and without loss.
/// @throws InputError when it is not such JSON.
Outcome read_outcome(const Json& json);

/// How much of each trial is exported.
enum class Extent {
  all,
  brief,  ///< the configuration, measures, confusions and networks' SHA-256: what can be verified
};

/// What `hypnos results --json` prints: studies, their trials, and which changes of the program's
/// numbers it knows.
Json results_json(std::span<const Study> studies, std::span<const StoredTrial> trials,
                  Extent extent = Extent::all);

/// What is left of tasks in sequence: the measures, and the accuracies after each task.
Json to_json(const SequenceOutcome& sequence);

/// A study and how much of it is done.
Json to_json(const Study& study);

}  // namespace hypnos

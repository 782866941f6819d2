#pragma once

// What trials of tasks in sequence are judged by.

#include <optional>
#include <span>
#include <vector>

#include "hypnos/trial_groups.hpp"

namespace hypnos {

struct SequenceNumber {
  const char* name;
  /// Nothing for a trial that has no such number.
  std::optional<double> (*value)(const StoredTrial&);
};

/// The accuracy on all test samples in the end, and the numbers of measures_of().
std::span<const SequenceNumber> sequence_numbers();

/// On all test samples, after the last sleep if there was one.
std::optional<double> final_accuracy(const StoredTrial& trial);

/// Of the trials that have one.
std::vector<double> values_of(const TrialGroup& group, const SequenceNumber& number);

/// Whether the group's trials learned tasks in sequence.
bool is_sequence(const TrialGroup& group);

}  // namespace hypnos

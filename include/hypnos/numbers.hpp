#pragma once

// Whether two versions of Hypnos find the same numbers for the same trial.

#include <span>

namespace hypnos {

/// A change after which the program finds other numbers, to the last bit, for some trials.
struct NumbersChange {
  int version = 0;  ///< that results have from then on
  const char* what = "";
};

/// All changes since results say their version, the oldest first. Version 0 are results from
/// before that. Who changes what a trial finds adds a line here.
std::span<const NumbersChange> numbers_changes();

/// The version of the numbers that this program finds.
int numbers_version();

}  // namespace hypnos

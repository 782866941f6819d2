#pragma once

// What the searches of hypnos tune have in common.

#include <functional>
#include <string>

#include "base/stopwatch.hpp"
#include "cli/tune_options.hpp"
#include "hypnos/error.hpp"
#include "hypnos/tuning.hpp"
#include "hypnos/tuning_file.hpp"
#include "hypnos/tuning_journal.hpp"

namespace hypnos::cli {

template <typename Enum>
Enum named_as(const std::string& name) {
  const auto found = named<Enum>(name);
  if (!found) throw InputError(name + " is not " + list_names<Enum>());
  return *found;
}

/// --set: a parameter that the search does not find.
void set_what_is_not_searched(SleepParameters& base, const std::string& setting);

using SearchCall = std::function<TuningResult(const TuningObserver&, const Execution&)>;

/// Searches, and writes the best parameters: in the end, or when it is interrupted.
TuningResult search(const TuneOptions& options, const TuningOptions& tuning, TuningNote note,
                    TuningJournal& journal, const Stopwatch& watch, const SearchCall& call);

void print_json(const TuneOptions& options, const TuningResult& result, double seconds);

/// hypnos tune --tasks PLAN.
void tune_sequence_of(const TuneOptions& options, const std::string& command);

}  // namespace hypnos::cli

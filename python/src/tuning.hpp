#pragma once

#include <nanobind/nanobind.h>

#include <functional>
#include <string>

#include "hypnos/tuning.hpp"
#include "hypnos/tuning_file.hpp"

namespace sleepreplay {

/// The fields of sleepreplay.Tuned, without the text of its file.
nanobind::dict described(const hypnos::TuningResult& result);

/// What a search found, and the text of its file.
struct Searched {
  hypnos::TuningResult result;
  std::string text;
};

/// Searches. With a journal it goes on where an earlier search was stopped, and the journal is gone
/// in the end.
/// @param journal_file empty: none
/// @param note `search` says all that determines the search
Searched search_with_journal(
    const std::string& journal_file, const hypnos::TuningOptions& options, hypnos::TuningNote note,
    const std::function<hypnos::TuningResult(const hypnos::TuningObserver&)>& search);

void bind_tuning(nanobind::module_& module);

}  // namespace sleepreplay

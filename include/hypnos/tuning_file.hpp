#pragma once

#include <string>

#include "hypnos/tuning.hpp"

namespace hypnos {

/// How parameters were found: what the table [tuned] of a parameter file says beside the scores.
struct TuningNote {
  std::string command;  ///< that does the search again
  std::string on;       ///< what judged the candidates
  std::string search;   ///< one line of text with all that determines the search
  std::string program;  ///< version
  double seconds = 0;
};

/// The text of a parameter file with the parameters that a search found, and a table [tuned] that
/// says how. Sleeping does not read that table.
std::string to_toml(const TuningResult& result, const TuningOptions& options,
                    const TuningNote& note);

}  // namespace hypnos

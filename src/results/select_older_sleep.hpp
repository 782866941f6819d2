#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

#include "hypnos/outcome.hpp"

namespace hypnos {

/// Reads histograms and correlations as tables of versions 2 to 5 have them: a row for each number.
/// @throws DamagedRowsError
void select_older_sleep(const SQLite::Database& database, const std::string& id,
                        SleepOutcome& sleep);

}  // namespace hypnos

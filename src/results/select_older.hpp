#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <map>
#include <string>

#include "hypnos/outcome.hpp"

namespace hypnos {

/// Reads confusions as tables of versions 1 to 5 have them: a row for each pair of classes.
/// @param at by moment, with their classes
/// @throws DamagedRowsError
void select_older_confusions(const SQLite::Database& database, const std::string& id,
                             std::map<std::string, Metrics>& at);

/// Reads histograms and correlations as tables of versions 2 to 5 have them: a row for each number.
/// @throws DamagedRowsError
void select_older_sleep(const SQLite::Database& database, const std::string& id,
                        SleepOutcome& sleep);

}  // namespace hypnos

#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

#include "hypnos/outcome.hpp"

namespace hypnos {

/// Reads what a trial's sleep did: firing, weights and responses, layer by layer.
/// @param version of the database's tables: the first knew neither changes in detail nor histograms
///   and responses
/// @throws DamagedRowsError when a layer's rows are missing, or there are more.
void select_sleep(const SQLite::Database& database, const std::string& id, int version,
                  SleepOutcome& sleep);

}  // namespace hypnos

#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "hypnos/database.hpp"

namespace hypnos {

/// Writes a trial as rows of the tables.
/// @pre a transaction has begun
void insert_trial(SQLite::Database& database, const TrialRecord& trial, const Outcome& outcome,
                  const Origin& origin);

}  // namespace hypnos

#pragma once

// Trials to rows, and back.

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

#include "study/database.hpp"

namespace hypnos {

/// To be called within a transaction.
void insert_trial(SQLite::Database& database, const Trial& trial, const Outcome& outcome,
                  const Origin& origin);

/// @param version of the database's tables
/// @pre there is such a trial
StoredTrial select_trial(const SQLite::Database& database, const std::string& id, int version);

}  // namespace hypnos

#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

#include "hypnos/database.hpp"

namespace hypnos {

/// Reads a trial from the rows of the tables.
/// @param version of the database's tables
/// @pre there is such a trial
StoredTrial select_trial(const SQLite::Database& database, const std::string& id, int version);

}  // namespace hypnos

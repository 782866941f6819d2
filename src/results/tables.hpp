#pragma once

// Which version of the tables a database has, and how they are made.

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

namespace hypnos {

/// Whether nothing has been written to the database yet.
bool is_empty(SQLite::Database& database);

/// The version of the tables.
/// @throws FileError when they are not there, not ours, or of a newer version.
int check_tables(SQLite::Database& database, const std::filesystem::path& path);

/// Makes the tables that the file does not have yet: all in a new file, some in one by an older
/// Hypnos. Several processes may do this at the same time.
/// @throws FileError, as above
void make_tables(SQLite::Database& database, const std::filesystem::path& path);

}  // namespace hypnos

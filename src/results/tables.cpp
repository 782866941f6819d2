#include "results/tables.hpp"

#include <fmt/format.h>

#include <string>

#include "base/claim.hpp"
#include "hypnos/error.hpp"
#include "results/schema.hpp"

namespace hypnos {
namespace {

int pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("PRAGMA ") + name).getInt();
}

bool is_complete(SQLite::Database& database) {
  return pragma(database, "user_version") >= schema_version;
}

}  // namespace

bool is_empty(SQLite::Database& database) {
  return database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0 &&
         pragma(database, "application_id") == 0;
}

int check_tables(SQLite::Database& database, const std::filesystem::path& path) {
  if (is_empty(database)) throw FileError(path, "has no results yet");
  if (pragma(database, "application_id") != application_id) {
    throw FileError(path, "is not a results database; name another file");
  }
  const int version = pragma(database, "user_version");
  if (version > schema_version) {
    throw FileError(path,
                    fmt::format("was written by a newer Hypnos (version {} of the tables, this one "
                                "knows {}); update Hypnos",
                                version, schema_version));
  }
  return version;
}

void make_tables(SQLite::Database& database, const std::filesystem::path& path) {
  if (!is_empty(database)) check_tables(database, path);
  if (is_complete(database)) return;
  // One process at a time does this: SQLite's own waiting does not cover the change to WAL.
  const Claim claim = Claim::wait(path.string() + ".lock", std::string(15, 'f'));
  if (is_complete(database)) return;
  database.exec("PRAGMA journal_mode = WAL");
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  for (int version = pragma(database, "user_version"); version < schema_version; ++version) {
    database.exec(schema_steps.at(static_cast<std::size_t>(version)));
  }
  database.exec(fmt::format("PRAGMA application_id = {}", application_id));
  database.exec(fmt::format("PRAGMA user_version = {}", schema_version));
  transaction.commit();
}

}  // namespace hypnos

#include "results/tables.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "hypnos/error.hpp"
#include "results/schema.hpp"

namespace hypnos {
namespace {

int pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("PRAGMA ") + name).getInt();
}

// The tables of a version, in memory.
SQLite::Database reference_tables(int version) {
  SQLite::Database reference(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  for (int step = 0; step < version; ++step) {
    reference.exec(schema_steps.at(static_cast<std::size_t>(step)));
  }
  return reference;
}

// Its name, type, and place in the key; whether it is one that holds values.
std::vector<std::string> columns_of(const SQLite::Database& database, const std::string& table) {
  SQLite::Statement row(database,
                        "SELECT name || ' ' || type || ' ' || pk || ' ' || hidden "
                        "FROM pragma_table_xinfo(?)");
  row.bind(1, table);
  std::vector<std::string> columns;
  while (row.executeStep()) columns.push_back(row.getColumn(0).getString());
  return columns;
}

// A view or a trigger in the place of a table could do anything, for any time.
void check_columns(const SQLite::Database& database, const std::filesystem::path& path,
                   int version) {
  const SQLite::Database reference = reference_tables(version);
  SQLite::Statement ours(reference, "SELECT name FROM sqlite_master WHERE type = 'table'");
  SQLite::Statement theirs(
      database, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND name = ?");
  while (ours.executeStep()) {
    const std::string name = ours.getColumn(0);
    theirs.bind(1, name);
    if (!theirs.executeStep() || columns_of(database, name) != columns_of(reference, name)) {
      throw FileError(path, "is damaged: its table " + name + " is not as Hypnos makes it");
    }
    theirs.reset();
  }
  SQLite::Statement trigger(database, "SELECT name FROM sqlite_master WHERE type = 'trigger'");
  if (trigger.executeStep()) {
    throw FileError(path, fmt::format("has the trigger \"{}\", which Hypnos has not made",
                                      trigger.getColumn(0).getString()));
  }
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
  if (version < 1)
    throw FileError(path, fmt::format("is damaged: there is no version {}", version));
  check_columns(database, path, version);
  return version;
}

void make_tables(SQLite::Database& database, const std::filesystem::path& path) {
  if (!is_empty(database)) check_tables(database, path);
  if (is_complete(database)) return;
  // One process at a time does this: the transaction waits for the others'.
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  for (int version = pragma(database, "user_version"); version < schema_version; ++version) {
    database.exec(schema_steps.at(static_cast<std::size_t>(version)));
  }
  database.exec(fmt::format("PRAGMA application_id = {}", application_id));
  database.exec(fmt::format("PRAGMA user_version = {}", schema_version));
  transaction.commit();
}

}  // namespace hypnos

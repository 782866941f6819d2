#include "study/database.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "hypnos/error.hpp"
#include "study/claim.hpp"
#include "study/rows.hpp"
#include "study/schema.hpp"

namespace hypnos {
namespace {

constexpr int busy_timeout_ms = 60'000;

// What SQLite reports is about the file.
template <typename Work>
auto with_errors(const std::filesystem::path& path, const Work& work) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    if (error.getErrorCode() == SQLITE_NOTADB) {
      throw FileError(path, "is not a results database; name another file");
    }
    throw SystemError(fmt::format("{}: {}", path.string(), error.what()));
  }
}

int pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("PRAGMA ") + name).getInt();
}

bool is_empty(SQLite::Database& database) {
  return database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0 &&
         pragma(database, "application_id") == 0;
}

void check(SQLite::Database& database, const std::filesystem::path& path) {
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
}

bool is_complete(SQLite::Database& database) {
  return pragma(database, "user_version") >= schema_version;
}

// Makes the tables in a file that has nothing in it yet, or those that an older Hypnos did not
// know.
void prepare(SQLite::Database& database, const std::filesystem::path& path) {
  if (!is_empty(database)) check(database, path);
  if (is_complete(database)) return;
  // One process at a time: SQLite's own waiting does not cover the change to WAL.
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

}  // namespace

Database::Database(const std::filesystem::path& path, Access access) : path_(path) {
  const bool exists = std::filesystem::exists(path);
  if (std::filesystem::is_directory(path)) throw FileError(path, "is a folder; name a file");
  if (access != Access::write && !exists) throw FileError(path, "there is no such file");
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  if (!std::filesystem::is_directory(folder)) {
    throw FileError(path, "cannot be written: there is no folder " + folder.string());
  }
  with_errors(path_, [&] {
    // Readers too open it for writing where they may: the last one to close it tidies up.
    const bool writable = access == Access::write || ::access(path.c_str(), W_OK) == 0;
    const int flags = (writable ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY) |
                      (access == Access::write ? SQLite::OPEN_CREATE : 0);
    database_ = std::make_unique<SQLite::Database>(path_.string(), flags, busy_timeout_ms);
    if (access == Access::write) prepare(*database_, path_);
    if (access == Access::look && is_empty(*database_)) return;
    check(*database_, path_);
    version_ = pragma(*database_, "user_version");
  });
}

Database::~Database() = default;

void Database::note(const Plan& plan) {
  const std::scoped_lock lock(mutex_);
  with_errors(path_, [&] {
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement study(*database_, "INSERT OR REPLACE INTO studies VALUES (?, ?, ?)");
    SQLite::bind(study, plan.name, plan.answers, plan.text);
    study.exec();
    SQLite::Statement forget(*database_, "DELETE FROM planned WHERE study = ?");
    forget.bind(1, plan.name);
    forget.exec();
    SQLite::Statement planned(*database_, "INSERT INTO planned VALUES (?, ?, ?, ?)");
    std::int64_t position = 0;
    for (const Trial& trial : plan.trials) {
      SQLite::bind(planned, plan.name, position++, id_of(trial));
      if (trial.name.empty()) {
        planned.bind(4);
      } else {
        planned.bind(4, trial.name);
      }
      planned.exec();
      planned.reset();
    }
    transaction.commit();
  });
}

std::set<std::string> Database::ids() const {
  return ids_of("SELECT id FROM trials");
}

std::set<std::string> Database::failed_ids() const {
  return ids_of("SELECT id FROM trials WHERE failure IS NOT NULL");
}

std::set<std::string> Database::ids_of(const char* query) const {
  const std::scoped_lock lock(mutex_);
  return with_errors(path_, [&] {
    std::set<std::string> ids;
    if (version_ == 0) return ids;
    SQLite::Statement row(*database_, query);
    while (row.executeStep()) ids.insert(row.getColumn(0).getString());
    return ids;
  });
}

bool Database::has(const std::string& id) const {
  const std::scoped_lock lock(mutex_);
  return with_errors(path_, [&] {
    SQLite::Statement row(*database_, "SELECT 1 FROM trials WHERE id = ?");
    row.bind(1, id);
    return row.executeStep();
  });
}

void Database::store(const Trial& trial, const Outcome& outcome, const Origin& origin) {
  const std::scoped_lock lock(mutex_);
  with_errors(path_, [&] {
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    insert_trial(*database_, trial, outcome, origin);
    transaction.commit();
  });
}

std::vector<StoredTrial> Database::trials(const std::optional<std::string>& study) const {
  const std::scoped_lock lock(mutex_);
  return with_errors(path_, [&] {
    const char* all = "SELECT id, NULL FROM trials ORDER BY id";
    const std::string of_study = fmt::format(
        "SELECT id, {} FROM planned JOIN trials ON id = trial WHERE study = ? "
        "ORDER BY position",
        version_ < 2 ? "NULL" : "planned.name");
    // One view of the tables, whatever others write meanwhile.
    SQLite::Transaction transaction(*database_);
    SQLite::Statement row(*database_, study ? of_study : all);
    if (study) row.bind(1, *study);
    std::vector<StoredTrial> trials;
    while (row.executeStep()) {
      trials.push_back(select_trial(*database_, row.getColumn(0).getString(), version_));
      trials.back().name = row.getColumn(1).getString();
    }
    return trials;
  });
}

std::vector<HistogramBin> Database::weight_histograms(const std::string& trial) const {
  const std::scoped_lock lock(mutex_);
  return with_errors(path_, [&] {
    std::vector<HistogramBin> bins;
    if (!database_->tableExists("weight_histograms")) return bins;
    SQLite::Statement row(*database_,
                          "SELECT moment, layer, low, high, count FROM weight_histograms "
                          "WHERE trial = ? ORDER BY moment, layer, bin");
    row.bind(1, trial);
    while (row.executeStep()) {
      bins.push_back({.moment = row.getColumn(0),
                      .layer = static_cast<std::size_t>(row.getColumn(1).getInt64()),
                      .low = row.getColumn(2),
                      .high = row.getColumn(3),
                      .count = row.getColumn(4)});
    }
    return bins;
  });
}

std::vector<Study> Database::studies() const {
  const std::scoped_lock lock(mutex_);
  return with_errors(path_, [&] {
    std::vector<Study> studies;
    SQLite::Statement row(
        *database_,
        "SELECT studies.name, answers, plan, count(position), count(id) FROM studies "
        "LEFT JOIN planned ON study = studies.name LEFT JOIN trials ON id = trial "
        "GROUP BY studies.name ORDER BY studies.name");
    while (row.executeStep()) {
      studies.push_back({.name = row.getColumn(0),
                         .answers = row.getColumn(1),
                         .plan = row.getColumn(2),
                         .planned = static_cast<std::size_t>(row.getColumn(3).getInt64()),
                         .done = static_cast<std::size_t>(row.getColumn(4).getInt64())});
    }
    return studies;
  });
}

}  // namespace hypnos

#include "hypnos/database.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

#include "results/insert_trial.hpp"
#include "results/open_database.hpp"
#include "results/rows.hpp"
#include "results/select_trial.hpp"
#include "results/tables.hpp"

namespace hypnos {
namespace {

// What can be done about it.
std::string why_not(const SQLite::Exception& error) {
  switch (error.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program holds it; try again when that is done";
    case SQLITE_CANTOPEN:
      return "cannot be opened; may you read it, and write to its folder?";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "cannot be written; may you write it, and to its folder?";
    default:
      return error.what();
  }
}

// Errors of SQLite and damaged rows become errors about the file.
template <typename Work>
auto with_errors(const std::filesystem::path& path, const Work& work) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    if (error.getErrorCode() == SQLITE_NOTADB) {
      throw FileError(path, "is not a results database; name another file");
    }
    if (error.getErrorCode() == SQLITE_CORRUPT) {
      throw FileError(path, fmt::format("is damaged: {}", error.what()));
    }
    if (error.getExtendedErrorCode() == SQLITE_READONLY_ROLLBACK) {
      throw FileError(path,
                      "was left half written by a run that was killed; the next hypnos run of "
                      "whoever may write it mends it");
    }
    // What its own tables say cannot be followed, by this version of SQLite at least.
    if (error.getErrorCode() == SQLITE_ERROR || error.getErrorCode() == SQLITE_SCHEMA) {
      throw FileError(path, fmt::format("cannot be used as a results database: {}", error.what()));
    }
    throw SystemError(fmt::format("{}: {}", path.string(), why_not(error)));
  } catch (const DamagedRowsError& error) {
    throw FileError(path, fmt::format("is damaged: {}", error.what()));
  }
}

// A study of that name must be of the same plan.
void check_name(const SQLite::Database& database, const StudyRecord& study) {
  SQLite::Statement row(database,
                        "SELECT path FROM studies WHERE name = ? AND plan <> ? AND path <> ?");
  SQLite::bind(row, study.name, study.plan, study.path);
  if (row.executeStep()) throw StudyNameError(study.name, row.getColumn(0).getString());
}

// Of several copies the first one keeps the name, as long as it is there.
std::string path_of_plan(const SQLite::Database& database, const StudyRecord& study) {
  SQLite::Statement row(
      database, "SELECT path FROM studies WHERE name = ? AND plan = ? AND path IS NOT NULL");
  SQLite::bind(row, study.name, study.plan);
  if (!row.executeStep()) return study.path;
  std::string known = row.getColumn(0).getString();
  return std::filesystem::exists(known) ? known : study.path;
}

}  // namespace

UnknownStudyError::UnknownStudyError(std::string study, const std::filesystem::path& file,
                                     std::vector<std::string> known)
    : InputError(fmt::format("there is no study \"{}\" in {}; studies: {}", study, file.string(),
                             fmt::join(known, ", "))),
      study_(std::move(study)),
      known_(std::move(known)) {}

StudyNameError::StudyNameError(std::string study, std::string path)
    : InputError(fmt::format("the study \"{}\" is of another plan, {}", study, path)),
      study_(std::move(study)),
      path_(std::move(path)) {}

Database::Database(const std::filesystem::path& path, Access access) : path_(path) {
  if (path.empty()) throw InputError("the results database has no name; name a file");
  const bool exists = std::filesystem::exists(path);
  if (std::filesystem::is_directory(path)) throw FileError(path, "is a folder; name a file");
  if (access != Access::write && !exists) throw FileError(path, "there is no such file");
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  if (!std::filesystem::is_directory(folder)) {
    throw FileError(path, "cannot be written: there is no folder " + folder.string());
  }
  with_errors(path_, [&] {
    database_ = access == Access::write ? open_for_writing(path_) : open_for_reading(path_);
    if (access == Access::write) make_tables(*database_, path_);
    if (access == Access::look && is_empty(*database_)) return;
    version_ = check_tables(*database_, path_);
  });
}

Database::~Database() = default;

void Database::note(const StudyRecord& study) {
  const std::scoped_lock lock(mutex_);
  with_errors(path_, [&] {
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    check_name(*database_, study);
    SQLite::Statement replace(*database_, "INSERT OR REPLACE INTO studies VALUES (?, ?, ?, ?)");
    SQLite::bind(replace, study.name, study.answers, study.plan);
    const std::string path = path_of_plan(*database_, study);
    if (path.empty()) {
      replace.bind(4);
    } else {
      replace.bind(4, path);
    }
    replace.exec();
    SQLite::Statement forget(*database_, "DELETE FROM planned WHERE study = ?");
    forget.bind(1, study.name);
    forget.exec();
    SQLite::Statement planned(*database_, "INSERT INTO planned VALUES (?, ?, ?, ?)");
    std::int64_t position = 0;
    for (const PlannedTrial& trial : study.trials) {
      SQLite::bind(planned, study.name, position++, trial.id);
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

void Database::store(const TrialRecord& trial, const Outcome& outcome, const Origin& origin) {
  const std::scoped_lock lock(mutex_);
  with_errors(path_, [&] {
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    insert_trial(*database_, trial, outcome, origin);
    transaction.commit();
  });
}

void Database::store(std::span<const FinishedTrial> finished) {
  const std::scoped_lock lock(mutex_);
  with_errors(path_, [&] {
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement known(*database_, "SELECT 1 FROM trials WHERE id = ?");
    for (const auto& [trial, outcome, origin] : finished) {
      known.bind(1, trial.id);
      if (!known.executeStep()) insert_trial(*database_, trial, outcome, origin);
      known.reset();
    }
    transaction.commit();
  });
}

std::vector<StoredTrial> Database::trials(const std::optional<std::string>& study,
                                          const Progress& progress) const {
  const std::scoped_lock lock(mutex_);
  return with_errors(path_, [&] {
    const char* all = "SELECT id, NULL FROM trials ORDER BY id";
    const std::string of_study = fmt::format(
        "SELECT id, {} FROM planned JOIN trials ON id = trial WHERE study = ? "
        "ORDER BY position",
        version_ < 2 ? "NULL" : "planned.name");
    // The transaction shows one state of the tables, whatever others write meanwhile.
    SQLite::Transaction transaction(*database_);
    SQLite::Statement row(*database_, study ? of_study : all);
    if (study) row.bind(1, *study);
    std::vector<PlannedTrial> found;
    while (row.executeStep()) {
      found.push_back({.id = row.getColumn(0).getString(), .name = row.getColumn(1).getString()});
    }
    std::vector<StoredTrial> trials;
    trials.reserve(found.size());
    for (const PlannedTrial& trial : found) {
      progress.tell(static_cast<double>(trials.size()) / static_cast<double>(found.size()));
      trials.push_back(select_trial(*database_, trial.id, version_));
      trials.back().name = trial.name;
    }
    return trials;
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

Study Database::study(const std::string& name) const {
  std::vector<std::string> known;
  for (Study& study : studies()) {
    if (study.name == name) return std::move(study);
    known.push_back(study.name);
  }
  throw UnknownStudyError(name, path_, std::move(known));
}

}  // namespace hypnos

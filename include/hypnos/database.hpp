#pragma once

// The results of studies: an SQLite file.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "hypnos/error.hpp"
#include "hypnos/json.hpp"
#include "hypnos/outcome.hpp"
#include "hypnos/progress.hpp"

namespace SQLite {
class Database;
}

namespace hypnos {

/// A trial as its study names it.
struct PlannedTrial {
  std::string id;
  std::string name = {};  ///< empty: it has none
};

/// A study that is to be done.
struct StudyRecord {
  std::string name;
  std::string answers;                    ///< the sentence or figure that it is about
  std::string plan;                       ///< TOML
  std::vector<PlannedTrial> trials = {};  ///< in the plan's order
  std::string path = {};                  ///< of the plan's file, in full; empty: there is none
};

/// What a trial is. All but `configuration` is there so that SQL can ask for it.
struct TrialRecord {
  std::string id;
  Json configuration;  ///< all that determines the results, with "choices" and "seed"
  std::string data;
  std::optional<double> fraction = {};
  std::optional<std::size_t> per_class = {};
  std::string keep = {};  ///< "3=0.5,4=0.1"; empty: whole classes
  std::string protocol = {};
  std::uint64_t epochs = 0;
  std::string sleep = {};  ///< preset or parameter file; empty: it does not sleep
  std::uint64_t seed = 1;
};

/// Who did a trial, and when.
struct Origin {
  std::string program;   ///< version and commit
  std::string machine;   ///< processor
  std::string finished;  ///< UTC, ISO 8601
  int numbers = 0;       ///< version of the program's numbers (numbers.hpp); 0: older than these
};

/// A trial that is done, to be stored.
struct FinishedTrial {
  TrialRecord trial;
  Outcome outcome;
  Origin origin;
};

/// A study as the database knows it.
struct Study {
  std::string name;
  std::string answers;
  std::string plan;         ///< TOML
  std::size_t planned = 0;  ///< trials of its last run
  std::size_t done = 0;     ///< of these
};

/// A trial as the database keeps it.
struct StoredTrial {
  std::string id;
  Json configuration;  ///< see TrialRecord
  Outcome outcome;
  std::string name;  ///< as the study names it; empty: it has none, or no study was asked for
  Origin origin;
};

/// There is no study of that name.
class UnknownStudyError : public InputError {
 public:
  UnknownStudyError(std::string study, const std::filesystem::path& file,
                    std::vector<std::string> known);
  const std::string& study() const { return study_; }
  const std::vector<std::string>& known() const { return known_; }

 private:
  std::string study_;
  std::vector<std::string> known_;
};

/// Another plan's study has that name.
class StudyNameError : public InputError {
 public:
  StudyNameError(std::string study, std::string path);
  const std::string& study() const { return study_; }
  const std::string& path() const { return path_; }  ///< of the other plan

 private:
  std::string study_;
  std::string path_;
};

/// Threads may share an object, and processes its file. A trial is stored in one transaction, so
/// that a process that is killed leaves whole trials only.
///
///     const Database database("results.sqlite", Database::Access::read);
///     for (const StoredTrial& trial : database.trials("figure1")) {
///       if (const Metrics* m = trial.outcome.metrics_at(after_sleep)) use(m->accuracy);
///     }
class Database {
 public:
  /// `look` is for a file that may be empty yet: without tables it has no trials.
  enum class Access { look, read, write };

  /// Opens the file. With `write` it is made if it is not there, and the tables of an older version
  /// become those of this one: from then on older versions of Hypnos cannot open it. The other ways
  /// read older tables as they are.
  /// @throws FileError when it is not there, not such a database, or of a newer version;
  ///   SystemError when SQLite fails.
  Database(const std::filesystem::path& path, Access access);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// Keeps the study; an older one of that name is replaced, if it is of the same plan: from the
  /// same file, or of the same text.
  /// @throws StudyNameError
  void note(const StudyRecord& study);

  /// The ids of all trials that are done.
  std::set<std::string> ids() const;
  /// The ids of those of which a stage could not be done.
  std::set<std::string> failed_ids() const;
  bool has(const std::string& id) const;

  /// @pre !has(trial.id)
  void store(const TrialRecord& trial, const Outcome& outcome, const Origin& origin);

  /// Stores many in one transaction, which takes less time than one for each. What is there already
  /// stays as it is.
  void store(std::span<const FinishedTrial> finished);

  /// The trials that are done: those of one study in its order, or all in the order of their ids.
  std::vector<StoredTrial> trials(const std::optional<std::string>& study = {},
                                  const Progress& progress = {}) const;

  /// All studies in the order of their names.
  std::vector<Study> studies() const;

  /// @throws UnknownStudyError
  Study study(const std::string& name) const;

 private:
  std::set<std::string> ids_of(const char* query) const;

  std::filesystem::path path_;
  int version_ = 0;  // of the tables; 0: there are none
  mutable std::mutex mutex_;
  std::unique_ptr<SQLite::Database> database_;
};

/// Whether the file begins as SQLite's do; one that cannot be read does not.
bool is_database(const std::filesystem::path& path);

}  // namespace hypnos

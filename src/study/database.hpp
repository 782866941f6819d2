#pragma once

// The results of studies: an SQLite file.

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "study/outcome.hpp"
#include "study/plan.hpp"

namespace SQLite {
class Database;
}

namespace hypnos {

/// Who did a trial, and when.
struct Origin {
  std::string program;   ///< version and commit
  std::string machine;   ///< processor
  std::string finished;  ///< UTC, ISO 8601
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
  Json configuration;  ///< see to_json(Trial)
  Outcome outcome;
  std::string name;  ///< what the plan of the study calls it; empty: nothing, or no study was named
  Origin origin;
};

/// Of the weights into a layer, at one moment: how many are at least `low`, and below `high`.
struct HistogramBin {
  std::string moment;
  std::size_t layer = 0;  ///< from 1
  double low = 0;
  double high = 0;
  double count = 0;
};

/// May be shared by threads, and its file by processes. A trial is stored in one transaction:
/// whoever is killed leaves whole trials only.
class Database {
 public:
  /// `look` is for what may not have begun yet: a file without tables has no trials.
  enum class Access { look, read, write };

  /// Opens the file; with `write` it is made if it is not there, and one of an older version
  /// becomes one of this: then only this Hypnos and newer ones can open it. Others read old ones as
  /// they are.
  /// @throws FileError when it is not there, not such a database, or of a newer version.
  Database(const std::filesystem::path& path, Access access);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// Notes what the plan is; an older one of that name is replaced.
  void note(const Plan& plan);

  /// Of all trials that are done.
  std::set<std::string> ids() const;
  /// Those of which a stage could not be done.
  std::set<std::string> failed_ids() const;
  bool has(const std::string& id) const;

  /// @pre !has(id_of(trial))
  void store(const Trial& trial, const Outcome& outcome, const Origin& origin);

  /// The trials that are done, of one study in its order, or all, in the order of their ids.
  std::vector<StoredTrial> trials(const std::optional<std::string>& study = {}) const;

  /// In the order of moments, layers and bins; nothing where the database has no such table.
  std::vector<HistogramBin> weight_histograms(const std::string& trial) const;

  /// In the order of their names.
  std::vector<Study> studies() const;

 private:
  std::set<std::string> ids_of(const char* query) const;

  std::filesystem::path path_;
  int version_ = 0;  // of the tables; 0: there are none
  mutable std::mutex mutex_;
  std::unique_ptr<SQLite::Database> database_;
};

}  // namespace hypnos

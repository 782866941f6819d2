#pragma once

// What the page shows of the studies of a database.

#include <optional>
#include <span>
#include <string>

#include "hypnos/database.hpp"
#include "hypnos/error.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// No trial of the database, or of the study that was asked for, is done yet.
class NoTrialsError : public FileError {
 public:
  explicit NoTrialsError(const std::filesystem::path& database)
      : FileError(database, "no trial is done yet") {}
};

/// One study and its trials.
Json study_data(const Study& study, std::span<const StoredTrial> trials,
                const Progress& progress = {});

/// All studies of the database, or one. Trials that no plan names any more are left out.
/// @throws UnknownStudyError, NoTrialsError, Stopped.
Json studies_data(const Database& database, const std::optional<std::string>& study = {},
                  const Progress& progress = {});

}  // namespace hypnos

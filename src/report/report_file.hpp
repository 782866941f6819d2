#pragma once

// The data of a report as a file. Such a file can be kept in a repository in place of the database,
// and becomes a page again.

#include <filesystem>
#include <optional>
#include <string>

#include "hypnos/error.hpp"
#include "hypnos/json.hpp"

namespace hypnos {

/// The file is neither a results database nor the data of a report.
class NotAReportError : public FileError {
 public:
  explicit NotAReportError(const std::filesystem::path& file)
      : FileError(file, "is neither a results database nor the data of a report") {}
};

/// The file holds a report in a form that this version does not know.
class ReportVersionError : public FileError {
 public:
  explicit ReportVersionError(const std::filesystem::path& file)
      : FileError(file, "was written by another Hypnos") {}
};

/// The file's content, for one line of JSON.
std::string report_text(Json report);

/// The report, with one of its studies or all.
/// @throws NotAReportError, ReportVersionError, UnknownStudyError; FileError when the file is
///   damaged or cannot be read.
Json read_report(const std::filesystem::path& path, const std::optional<std::string>& study = {});

}  // namespace hypnos

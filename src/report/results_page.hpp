#pragma once

// The page of a results database: the data that it shows, and the page itself.

#include <string>

#include "hypnos/json.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// What the page is made of, by whom.
struct ResultsPage {
  std::string input;           ///< results database, or a file of report_text()
  std::string study = {};      ///< only this one; empty: all
  std::string recording = {};  ///< spikes of a sleep that it shows too
  std::string trace = {};      ///< and its accuracy
  std::string program = {};    ///< version, for the page
  std::string command = {};    ///< that made the page
};

/// All that the page shows.
/// @throws FileError, NoTrialsError, NotAReportError, ReportVersionError, NotARecordingError,
///   NotATraceError; Stopped.
Json results_data(const ResultsPage& page, const Progress& progress = {});

/// The page, one HTML file.
/// @pre has_report()
std::string results_page(Json data, const std::string& program);

}  // namespace hypnos

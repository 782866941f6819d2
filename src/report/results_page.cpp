#include "report/results_page.hpp"

#include <filesystem>
#include <optional>

#include "hypnos/database.hpp"
#include "report/page.hpp"
#include "report/recording_data.hpp"
#include "report/report_file.hpp"
#include "report/script.hpp"
#include "report/study_data.hpp"

namespace hypnos {
namespace {

Json read_input(const ResultsPage& page, const Progress& progress) {
  const auto study = page.study.empty() ? std::nullopt : std::optional(page.study);
  if (std::filesystem::exists(page.input) && !is_database(page.input)) {
    return read_report(page.input, study);
  }
  const Database database(page.input, Database::Access::read);
  return {{"kind", "study"},
          {"source", ""},
          {"program", page.program},
          {"command", ""},
          {"studies", studies_data(database, study, progress)}};
}

}  // namespace

Json results_data(const ResultsPage& page, const Progress& progress) {
  Json data = read_input(page, progress.stretch(0, 0.5));
  data["source"] = std::filesystem::path(page.input).filename().string();
  data["command"] = page.command;
  if (!page.recording.empty()) {
    data["recording"] =
        recording_data({.spikes = page.recording, .trace = page.trace}, progress.stretch(0.5, 1));
    data["recording"]["source"] = std::filesystem::path(page.recording).filename().string();
  }
  return data;
}

std::string results_page(Json data, const std::string& program) {
  add_scripts(data);
  data["program"] = program;
  return page_with(data);
}

}  // namespace hypnos

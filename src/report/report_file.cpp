#include "report/report_file.hpp"

#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/json_shape.hpp"
#include "base/whole_file.hpp"
#include "hypnos/database.hpp"
#include "report/report_shape.hpp"

namespace hypnos {
namespace {

constexpr const char* mark = "hypnos_report";
constexpr int version = 1;

void keep_only(Json& report, const std::string& study, const std::filesystem::path& path) {
  std::vector<std::string> names;
  Json kept = Json::array();
  for (Json& known : report["studies"]) {
    names.push_back(known["name"].get<std::string>());
    if (names.back() == study) kept.push_back(std::move(known));
  }
  if (kept.empty()) throw UnknownStudyError(study, path, std::move(names));
  report["studies"] = std::move(kept);
}

}  // namespace

std::string report_text(Json report) {
  Json marked = {{mark, version}};
  marked.update(report);
  return text_of(marked);
}

Json read_report(const std::filesystem::path& path, const std::optional<std::string>& study) {
  const std::string text = read_file(path);
  std::optional<Json> parsed = parse_json(text);
  if (!parsed && text.find(mark) < 10) {
    throw FileError(path, "is damaged: not whole JSON, or nested too deep");
  }
  if (!parsed || !parsed->is_object() || !parsed->contains(mark)) throw NotAReportError(path);
  Json& report = *parsed;
  if (report[mark] != version) {
    throw ReportVersionError(path);
  }
  const std::string wrong = difference_from_shape(report, Json::parse(report_shape));
  if (!wrong.empty()) throw FileError(path, "is damaged: " + wrong);
  report.erase(mark);
  if (study) keep_only(report, *study, path);
  return report;
}

}  // namespace hypnos

#include "report/report_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "hypnos/error.hpp"
#include "report/report_shape.hpp"
#include "report/shape.hpp"

namespace hypnos {
namespace {

constexpr const char* mark = "hypnos_report";
constexpr int version = 1;

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) {
    throw FileError(path,
                    std::filesystem::exists(path) ? "cannot be read" : "there is no such file");
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

void keep_only(Json& report, const std::string& study, const std::filesystem::path& path) {
  std::string names;
  Json kept = Json::array();
  for (Json& known : report["studies"]) {
    const auto name = known["name"].get<std::string>();
    names += (names.empty() ? "" : ", ") + name;
    if (name == study) kept.push_back(std::move(known));
  }
  if (kept.empty()) {
    throw InputError(
        fmt::format("there is no study \"{}\" in {}; studies: {}", study, path.string(), names));
  }
  report["studies"] = std::move(kept);
}

}  // namespace

bool is_database(const std::filesystem::path& path) {
  constexpr std::string_view magic("SQLite format 3\0", 16);
  std::string begin(magic.size(), ' ');
  std::ifstream(path, std::ios::binary).read(begin.data(), std::ssize(begin));
  return begin == magic;
}

std::string report_text(Json report) {
  Json marked = {{mark, version}};
  marked.update(report);
  return text_of(marked);
}

Json read_report(const std::filesystem::path& path, const std::optional<std::string>& study) {
  const std::string text = read_text(path);
  Json report = Json::parse(text, nullptr, false);
  const bool is_json = !report.is_discarded();
  if (!is_json && text.find(mark) < 10) throw FileError(path, "is damaged: not whole JSON");
  if (!is_json || !report.is_object() || !report.contains(mark)) {
    throw FileError(path,
                    "is neither a results database of hypnos run nor a file of hypnos report "
                    "--json");
  }
  if (report[mark] != version) {
    throw FileError(path, "was written by another Hypnos; write it anew with hypnos report --json");
  }
  const std::string wrong = difference_from_shape(report, Json::parse(report_shape));
  if (!wrong.empty()) throw FileError(path, "is damaged: " + wrong);
  report.erase(mark);
  if (study) keep_only(report, *study, path);
  return report;
}

}  // namespace hypnos

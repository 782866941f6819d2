#include "results/csv.hpp"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "base/json.hpp"
#include "hypnos/json.hpp"

namespace hypnos {
namespace {

std::string cell(const Json& value) {
  if (value.is_null()) return "";
  const std::string text = value.is_string() ? value.get<std::string>() : text_of(value);
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string csv_of(std::span<const Json> rows) {
  std::vector<std::string> columns;
  std::set<std::string> known;
  for (const Json& row : rows) {
    for (const auto& [name, value] : row.items()) {
      if (known.insert(name).second) columns.push_back(name);
    }
  }
  std::string text = fmt::format("{}\n", fmt::join(columns, ","));
  for (const Json& row : rows) {
    std::string line;
    for (const std::string& column : columns) line += "," + cell(row.value(column, Json()));
    text += line.substr(1) + "\n";
  }
  return text;
}

}  // namespace hypnos

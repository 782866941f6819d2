#include "results/rows.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/json.hpp"

namespace hypnos {

Rows::Rows(const SQLite::Database& database, const char* table, const std::string& id,
           const char* key)
    : statement_(database, fmt::format("SELECT * FROM {} WHERE {} = ?", table, key)),
      table_(table),
      trial_(id.substr(0, 8)) {
  statement_.bind(1, id);
}

std::uint64_t Rows::count(const char* column) {
  const SQLite::Column value = statement_.getColumn(column);
  if (!value.isInteger() || value.getInt64() < 0) {
    fail(fmt::format("{} is not a count", column));
  }
  return static_cast<std::uint64_t>(value.getInt64());
}

double Rows::number(const char* column) {
  const SQLite::Column value = statement_.getColumn(column);
  if (!(value.isFloat() || value.isInteger()) || !std::isfinite(value.getDouble())) {
    fail(fmt::format("{} is not a number", column));
  }
  return value.getDouble();
}

double Rows::part(const char* column) {
  constexpr double rounding = 1e-9;
  const double value = number(column);
  if (value < -rounding || value > 1 + rounding) fail(fmt::format("{} is not in [0, 1]", column));
  return value;
}

std::string Rows::text(const char* column) {
  const SQLite::Column value = statement_.getColumn(column);
  if (!value.isText()) fail(fmt::format("{} is not a text", column));
  return value.getString();
}

Json Rows::list(const char* column) {
  const std::optional<Json> list = parse_json(text(column));
  if (!list || !list->is_array()) fail(fmt::format("{} is not a list", column));
  return *list;
}

std::optional<double> Rows::number_or_null(const char* column) {
  return is_null(column) ? std::nullopt : std::optional(number(column));
}

void Rows::expect(const char* column, std::uint64_t value) {
  const std::uint64_t found = count(column);
  if (found != value) fail(fmt::format("{} is {} where {} is due", column, found, value));
}

void Rows::expect(const char* column, const std::string& value) {
  const std::string found = text(column);
  if (found != value) {
    fail(fmt::format("{} is \"{}\" where \"{}\" is due", column, found, value));
  }
}

void Rows::fail(const std::string& what) const {
  throw DamagedRowsError(fmt::format("trial {} in table {}: {}", trial_, table_, what));
}

}  // namespace hypnos

#pragma once

// The rows of a trial, read with suspicion: a database is an input like any other.

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "hypnos/json.hpp"

namespace hypnos {

/// Rows that no version of Hypnos can have written. The message says which.
class DamagedRowsError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The rows of one table that belong to a trial, one after the other in the order of the table's
/// key. What a column must not hold is a DamagedRowsError.
class Rows {
 public:
  Rows(const SQLite::Database& database, const char* table, const std::string& id,
       const char* key = "trial");

  /// Goes to the next row, if there is one.
  bool next() { return statement_.executeStep(); }

  std::uint64_t count(const char* column);
  double number(const char* column);  ///< finite
  double part(const char* column);    ///< in [0, 1]
  std::string text(const char* column);
  Json list(const char* column);  ///< JSON
  bool is_null(const char* column) { return statement_.isColumnNull(column); }
  std::optional<double> number_or_null(const char* column);

  /// Checks that the column has this number or text.
  void expect(const char* column, std::uint64_t value);
  void expect(const char* column, const std::string& value);

  [[noreturn]] void fail(const std::string& what) const;

 private:
  SQLite::Statement statement_;
  std::string table_;
  std::string trial_;
};

}  // namespace hypnos

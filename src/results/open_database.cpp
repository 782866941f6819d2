#include "results/open_database.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace hypnos {
namespace {

// Who writes waits for other writers, of which each takes milliseconds. Who reads says soon that it
// cannot.
constexpr int writing_timeout_ms = 60'000;
constexpr int reading_timeout_ms = 10'000;

// https://www.sqlite.org/fileformat.html: bytes 18 and 19 say how the file is written.
bool is_in_wal_mode(const std::filesystem::path& path) {
  std::array<char, 20> header = {};
  std::ifstream(path, std::ios::binary).read(header.data(), header.size());
  return header[18] == 2 && header[19] == 2;
}

bool has_wal(std::filesystem::path path) {
  path += "-wal";
  std::error_code missing;
  return std::filesystem::file_size(path, missing) > 0 && !missing;
}

// SQLite takes names such as ":memory:" for something else than files.
std::string file_name(const std::filesystem::path& path) {
  return std::filesystem::absolute(path).string();
}

// The name of a file of which SQLite may take for granted that nobody writes it.
std::string immutable_name(const std::filesystem::path& path) {
  std::string name = "file:";
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char c : file_name(path)) {
    if (c == '%' || c == '?' || c == '#') {
      const auto byte = static_cast<unsigned char>(c);
      name += {'%', digits[byte >> 4U], digits[byte & 15U]};
    } else {
      name += c;
    }
  }
  return name + "?immutable=1";
}

// Whether reading must wait for somebody who may write, to undo what a killed process left.
bool must_be_undone(SQLite::Database& database) {
  try {
    database.execAndGet("SELECT count(*) FROM sqlite_master");
    return false;
  } catch (const SQLite::Exception& error) {
    if (error.getExtendedErrorCode() == SQLITE_READONLY_ROLLBACK) return true;
    throw;
  }
}

std::unique_ptr<SQLite::Database> open(const std::string& name, int flags) {
  const bool writes = (flags & SQLite::OPEN_READWRITE) != 0;
  auto database = std::make_unique<SQLite::Database>(
      name, flags, writes ? writing_timeout_ms : reading_timeout_ms);
  // Tables of a file from elsewhere call nothing.
  database->exec("PRAGMA trusted_schema = OFF");
  database->exec("PRAGMA cell_size_check = ON");
  return database;
}

}  // namespace

std::unique_ptr<SQLite::Database> open_for_reading(const std::filesystem::path& path) {
  if (is_in_wal_mode(path) && !has_wal(path)) {
    return open(immutable_name(path), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
  }
  auto database = open(file_name(path), SQLite::OPEN_READONLY);
  if (must_be_undone(*database) && ::access(path.c_str(), W_OK) == 0) {
    must_be_undone(*open(file_name(path), SQLite::OPEN_READWRITE));  // undoes it
  }
  return database;
}

std::unique_ptr<SQLite::Database> open_for_writing(const std::filesystem::path& path) {
  auto database = open(file_name(path), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  if (is_in_wal_mode(path)) {
    // Not while somebody else uses it. Then it stays as it is for this time.
    database->setBusyTimeout(0);
    database->tryExec("PRAGMA journal_mode = DELETE");
    database->setBusyTimeout(writing_timeout_ms);
  }
  return database;
}

bool is_database(const std::filesystem::path& path) {
  constexpr std::string_view magic("SQLite format 3\0", 16);
  std::string begin(magic.size(), ' ');
  std::ifstream(path, std::ios::binary).read(begin.data(), std::ssize(begin));
  return begin == magic;
}

}  // namespace hypnos

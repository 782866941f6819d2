#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <memory>

namespace hypnos {

/// Opens the file so that nothing is written, neither into it nor beside it: it may be somebody
/// else's, or on a disk that cannot be written. What a killed process left half done is undone
/// first, where that is allowed.
std::unique_ptr<SQLite::Database> open_for_reading(const std::filesystem::path& path);

/// Opens the file, or makes it. Its changes go through a journal that is gone after each of them,
/// so that others can read it at any time without leave to write. (Older versions of Hypnos had it
/// in SQLite's WAL mode, which leaves files behind.)
std::unique_ptr<SQLite::Database> open_for_writing(const std::filesystem::path& path);

}  // namespace hypnos

#pragma once

// A report's data as a file: what hypnos report --json writes, and hypnos report reads instead of a
// database. Results that are kept in a repository become a page again by that.

#include <filesystem>
#include <optional>
#include <string>

#include "training/recipe.hpp"

namespace hypnos {

/// Whether the file begins as SQLite's do; one that cannot be read does not.
bool is_database(const std::filesystem::path& path);

/// The file's content, for one line of JSON.
std::string report_text(Json report);

/// The report, with one of its studies or all.
/// @throws FileError when the file is not what report_text() gave; InputError when there is no such
/// study.
Json read_report(const std::filesystem::path& path, const std::optional<std::string>& study = {});

}  // namespace hypnos

#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hypnos {

/// A table of numbers, with the class of each row in one of its columns.
struct CsvTable {
  std::vector<std::string> features;  ///< names of the other columns
  std::string label;                  ///< name of that column
  std::vector<float> numbers;         ///< [rows x features]
  std::vector<double> labels;         ///< [rows]
};

/// Reads a text whose first line names the columns. The column of classes is called label, class,
/// target or y. Fields are separated by commas, semicolons or tabs: by the one that is in the first
/// line.
/// @throws FileError with line and column: where there is no such column, or more than one; a field
///   is not a number, or too large for single precision; lines differ in their number of fields.
CsvTable parse_csv(std::string_view content, const std::filesystem::path& path);

}  // namespace hypnos

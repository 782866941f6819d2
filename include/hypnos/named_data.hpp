#pragma once

#include <array>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/error.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// One file of a named data set.
struct NamedFile {
  std::string name;    ///< decompressed; stored with or without ".gz"
  std::string sha256;  ///< of the decompressed bytes, hexadecimal
  std::size_t bytes;   ///< decompressed
};

/// A data set that is known by name.
struct NamedData {
  std::string name;
  std::string description;
  std::array<NamedFile, 4> files;
  std::vector<std::filesystem::path> installed;  ///< folders where a package puts it
  std::vector<std::string> mirrors;              ///< URLs of folders with the files and ".gz"
  std::size_t classes = 10;
};

/// All data sets that are known by name.
std::span<const NamedData> named_data();

/// There is neither a data set nor a folder of that name.
class UnknownDataError : public InputError {
 public:
  UnknownDataError(std::string name, std::vector<std::string> known);
  const std::string& name() const { return name_; }
  const std::vector<std::string>& known() const { return known_; }

 private:
  std::string name_;
  std::vector<std::string> known_;
};

/// A named data set is not on this machine; fetch() can get it.
class MissingDataError : public InputError {
 public:
  explicit MissingDataError(std::string name);
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

/// A file of named data is not what it should be; fetch() gets it again.
class DamagedDataError : public FileError {
 public:
  DamagedDataError(const std::filesystem::path& file, const std::string& what, std::string name)
      : FileError(file, what), name_(std::move(name)) {}
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

/// @throws UnknownDataError
const NamedData& find_named_data(const std::string& name);

/// Where downloads are kept: $HYPNOS_DATA, or else ~/.cache/hypnos.
std::filesystem::path cache_folder();

/// The folder that has all files of the data set: in `cache`, or an installed one; empty when there
/// is none.
std::filesystem::path find_folder(const NamedData& data, const std::filesystem::path& cache);

/// Downloads what is missing into `cache`, trying the mirrors in turn; what is there already and
/// whole is left alone. Files are checked by SHA-256 before they are kept.
/// @param progress its notes are the names of files
/// @throws SystemError when no mirror has a good copy, naming what each answered; Stopped.
void fetch(const NamedData& data, const std::filesystem::path& cache,
           const Progress& progress = {});

/// The name by which data can be found from any folder: that of a named set, the full path of a
/// folder or file.
std::string lasting_name(const std::string& name_or_path);

/// Reads one half of a data set, by its name or by the path of a folder or file. docs/formats.md
/// has the forms that are read, and how. Named data are checked by SHA-256. Images that are bytes
/// stay bytes (Dataset::pixels).
/// @throws UnknownDataError, MissingDataError, DamagedDataError; AmbiguousDataError when the
///   reading does not say what the files leave open; FileError when a file is missing, damaged, or
///   does not fit the others; Stopped.
Dataset load(const std::string& name_or_path, Split split, const DataReading& reading = {},
             const Progress& progress = {});

/// Whether the data set has this half, without reading it.
/// @throws FileError when it has it twice.
bool has_split(const std::string& name_or_path, Split split);

}  // namespace hypnos

#pragma once

#include <array>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/error.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// One file of a named data set.
struct NamedFile {
  std::string name;    ///< decompressed; stored with or without ".gz"
  std::string sha256;  ///< of the decompressed bytes, hexadecimal
  std::size_t bytes;   ///< about, decompressed; progress of downloads goes by it
};

/// A data set that is known by name.
struct NamedData {
  std::string name;
  std::string description;
  std::array<NamedFile, 4> files;
  std::vector<std::filesystem::path> installed;  ///< folders where a package puts it
  std::vector<std::string> mirrors;              ///< URLs of folders with the files and ".gz"
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
/// folder.
std::string lasting_name(const std::string& name_or_folder);

/// Reads a data set by its name, or by the path of a folder (see read_folder).
/// Named data are checked by SHA-256.
/// @throws UnknownDataError, MissingDataError; FileError when a file is damaged; Stopped.
Dataset load(const std::string& name_or_folder, Split split, const Progress& progress = {});

}  // namespace hypnos

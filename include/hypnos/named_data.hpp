#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "hypnos/dataset.hpp"

namespace hypnos {

/// One file of a named data set.
struct NamedFile {
  std::string name;    ///< decompressed; stored with or without ".gz"
  std::string sha256;  ///< of the decompressed bytes, hexadecimal
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

/// @throws InputError when the name is not known, naming those that are.
const NamedData& find_named_data(const std::string& name);

/// Where downloads are kept: $HYPNOS_DATA, or else ~/.cache/hypnos.
std::filesystem::path cache_folder();

/// The folder that holds the data set whole: in `cache`, or installed; empty when there is none.
std::filesystem::path find_folder(const NamedData& data, const std::filesystem::path& cache);

/// Told the file, the bytes so far, and all bytes (0: not known); false stops the download.
using DownloadProgress = std::function<bool(const std::string& file, double done, double total)>;

/// Downloads what is missing into `cache`, trying the mirrors in turn; what is there already and
/// whole is left alone. Files are checked by SHA-256 before they are kept.
/// @throws SystemError when no mirror has a good copy, naming what each answered.
void fetch(const NamedData& data, const std::filesystem::path& cache,
           const DownloadProgress& progress);

/// A named set by its name, a folder by its full path: the same data from wherever it is asked for.
std::string lasting_name(const std::string& name_or_folder);

/// Reads a data set by its name, or by the path of a folder (see read_folder).
/// Named data are checked by SHA-256.
/// @throws InputError when there is no such data; FileError when a file is damaged.
Dataset load(const std::string& name_or_folder, Split split);

}  // namespace hypnos

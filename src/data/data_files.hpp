#pragma once

// Finds the halves of a data set in a folder or a file.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/data_half.hpp"

namespace hypnos {

/// MNIST's names of the two files of a half, without ".gz".
struct IdxNames {
  std::string images;
  std::string labels;
};
IdxNames idx_names(Split split);

/// A half from the (decompressed) contents of two IDX files.
/// @throws FileError when they are damaged or do not fit each other.
DataHalf idx_half(std::string images, const std::filesystem::path& images_file, std::string labels,
                  const std::filesystem::path& labels_file);

/// `path` if it exists, else `path` with ".gz" appended if that exists, else an empty path.
std::filesystem::path find_plain_or_gz(const std::filesystem::path& path);

/// The content of an IDX file, decompressed when it is gzip (told by its first bytes).
std::string read_idx(const std::filesystem::path& path, const Progress& progress = {});

/// Opens the data set in a folder, an .npz file or a .csv file.
/// @throws FileError when there is none, it is damaged, or it has a half twice; Stopped.
DataFiles open_data_files(const std::filesystem::path& path, const Progress& progress = {});

/// Whether a folder or file has this half, without reading it.
bool has_half(const std::filesystem::path& path, Split split);

}  // namespace hypnos

#pragma once

// The files of a data set in a folder.

#include <filesystem>
#include <string>
#include <string_view>

#include "hypnos/dataset.hpp"

namespace hypnos {

/// MNIST's names of the two files of a split, without ".gz".
struct IdxNames {
  std::string images;
  std::string labels;
};
IdxNames idx_names(Split split);

/// Puts a data set together from the (decompressed) contents of two IDX files.
/// @throws FileError when they are damaged or do not fit each other.
Dataset dataset_from_idx(std::string_view images, const std::filesystem::path& images_path,
                         std::string_view labels, const std::filesystem::path& labels_path);

}  // namespace hypnos

#pragma once

#include <filesystem>

#include "data/data_half.hpp"

namespace hypnos {

/// A data set whose halves are files of a folder: IDX files with MNIST's names, plain or ".gz";
/// train-images.npy and train-labels.npy, test-images.npy and test-labels.npy; train.csv and
/// test.csv.
/// @throws FileError when there is no half, or one twice.
DataFiles open_folder(const std::filesystem::path& folder, const Progress& progress = {});

/// Whether the files of this half are there.
bool folder_has_half(const std::filesystem::path& folder, Split split);

/// The training half, from a table.
DataFiles open_csv(const std::filesystem::path& file);

}  // namespace hypnos

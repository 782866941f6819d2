#pragma once

#include <filesystem>

#include "data/data_half.hpp"

namespace hypnos {

/// A data set in an .npz file. Its arrays are called train_images, train_labels, test_images and
/// test_labels, as MedMNIST has them; or x_train, y_train, x_test and y_test, as Keras has them; or
/// images and labels, which are a training half.
/// @throws FileError when there is no half, or one twice.
DataFiles open_npz(const std::filesystem::path& file, const Progress& progress = {});

}  // namespace hypnos

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "hypnos/progress.hpp"

namespace hypnos {

/// The two halves of a data set.
enum class Split { train, test };

/// Height, width and channels of one image; features lie row by row, channels innermost.
/// Data that are not images have one row.
struct ImageShape {
  std::size_t rows = 1;
  std::size_t columns = 0;
  std::size_t channels = 1;

  std::size_t features() const { return rows * columns * channels; }
  bool operator==(const ImageShape&) const = default;
};

/// Labeled samples.
struct Dataset {
  std::string name = {};
  ImageShape shape = {};
  std::size_t classes = 0;
  std::vector<float> images = {};          ///< [samples x features], row-major; pixels in [0, 1]
  std::vector<std::uint32_t> labels = {};  ///< [samples], each below `classes`

  std::size_t size() const { return labels.size(); }
  std::span<const float> image(std::size_t sample) const {
    return std::span(images).subspan(sample * shape.features(), shape.features());
  }
};

/// The samples with the given indices, in their order.
Dataset select(const Dataset& data, std::span<const std::uint32_t> indices);

/// Mean of the images, [features].
std::vector<float> mean_image(const Dataset& data);

/// Whether the folder has both files of this half, by one of the names that read_folder() knows.
bool has_split(const std::filesystem::path& folder, Split split);

/// Reads one half of a data set from a folder. It looks for IDX files as MNIST names them
/// ("train-images-idx3-ubyte", "t10k-labels-idx1-ubyte", ...), plain or ".gz", and then for
/// "train-images.npy" and "train-labels.npy", or "test-images.npy" and "test-labels.npy".
/// Bytes are scaled by 1/255; floating-point images are taken as they are.
/// @throws FileError when a file is missing, damaged, or does not fit the other; Stopped.
Dataset read_folder(const std::filesystem::path& folder, Split split,
                    const Progress& progress = {});

}  // namespace hypnos

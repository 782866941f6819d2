#include "data/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/byte_file.hpp"
#include "data/idx.hpp"
#include "hypnos/error.hpp"
#include "hypnos/npy.hpp"

namespace hypnos {
namespace {

ImageShape image_shape(std::span<const std::size_t> shape, const std::filesystem::path& path) {
  ImageShape image;
  if (shape.size() == 2) {
    image.columns = shape[1];
  } else if (shape.size() == 3 || shape.size() == 4) {
    image.rows = shape[1];
    image.columns = shape[2];
    if (shape.size() == 4) image.channels = shape[3];
  } else {
    throw FileError(path, fmt::format("has {} dimensions; images need [samples x features], "
                                      "[samples x rows x columns] or [.. x channels]",
                                      shape.size()));
  }
  if (shape[0] == 0 || image.features() == 0) throw FileError(path, "has no images");
  return image;
}

void check_counts(std::size_t images, const std::filesystem::path& images_path, std::size_t labels,
                  const std::filesystem::path& labels_path) {
  if (images != labels) {
    throw FileError(labels_path, fmt::format("has {} labels for the {} images of {}", labels,
                                             images, images_path.string()));
  }
}

void count_classes(Dataset& data) {
  data.classes = *std::max_element(data.labels.begin(), data.labels.end()) + std::size_t{1};
}

Dataset dataset_from_npy(const std::filesystem::path& images_path,
                         const std::filesystem::path& labels_path) {
  const NpyArray images = read_npy(images_path);
  const NpyArray labels = read_npy(labels_path);
  Dataset data;
  data.shape = image_shape(images.shape, images_path);
  if (labels.shape.size() != 1) throw FileError(labels_path, "labels need one dimension");
  check_counts(images.shape[0], images_path, labels.shape[0], labels_path);

  const double scale = images.type == "u1" ? 1.0 / 255.0 : 1.0;
  for (const double value : to_doubles(images)) {
    if (!std::isfinite(value)) throw FileError(images_path, "has values that are NaN or infinite");
    data.images.push_back(static_cast<float>(value * scale));
  }
  constexpr double max_classes = 65536;
  for (const double value : to_doubles(labels)) {
    if (!(value >= 0 && value < max_classes) || value != std::floor(value)) {
      throw FileError(labels_path, fmt::format("{} is not a class number", value));
    }
    data.labels.push_back(static_cast<std::uint32_t>(value));
  }
  count_classes(data);
  return data;
}

// The two files of a split in a folder.
struct Files {
  std::filesystem::path images;
  std::filesystem::path labels;

  bool exist() const { return std::filesystem::exists(images) && std::filesystem::exists(labels); }
};

Files idx_files(const std::filesystem::path& folder, Split split) {
  const IdxNames names = idx_names(split);
  return {.images = find_plain_or_gz(folder / names.images),
          .labels = find_plain_or_gz(folder / names.labels)};
}

Files npy_files(const std::filesystem::path& folder, Split split) {
  const std::string prefix = split == Split::train ? "train" : "test";
  return {.images = folder / (prefix + "-images.npy"), .labels = folder / (prefix + "-labels.npy")};
}

}  // namespace

IdxNames idx_names(Split split) {
  const std::string prefix = split == Split::train ? "train" : "t10k";
  return {prefix + "-images-idx3-ubyte", prefix + "-labels-idx1-ubyte"};
}

Dataset dataset_from_idx(std::string_view images, const std::filesystem::path& images_path,
                         std::string_view labels, const std::filesystem::path& labels_path) {
  const IdxArray pixels = parse_idx(images, images_path);
  const IdxArray classes = parse_idx(labels, labels_path);
  Dataset data;
  data.shape = image_shape(pixels.shape, images_path);
  if (classes.shape.size() != 1) throw FileError(labels_path, "labels need one dimension");
  check_counts(pixels.shape[0], images_path, classes.shape[0], labels_path);
  data.images.resize(pixels.bytes.size());
  std::transform(pixels.bytes.begin(), pixels.bytes.end(), data.images.begin(), [](char byte) {
    return static_cast<float>(static_cast<unsigned char>(byte)) / 255.0F;
  });
  data.labels.resize(classes.bytes.size());
  std::transform(classes.bytes.begin(), classes.bytes.end(), data.labels.begin(),
                 [](char byte) { return static_cast<unsigned char>(byte); });
  count_classes(data);
  return data;
}

bool has_split(const std::filesystem::path& folder, Split split) {
  return idx_files(folder, split).exist() || npy_files(folder, split).exist();
}

Dataset read_folder(const std::filesystem::path& folder, Split split, const Progress& progress) {
  if (!std::filesystem::is_directory(folder)) throw FileError(folder, "there is no such folder");
  const Files idx = idx_files(folder, split);
  const Files npy = npy_files(folder, split);
  Dataset data;
  if (idx.exist()) {
    data = dataset_from_idx(read_bytes(idx.images, progress), idx.images, read_bytes(idx.labels),
                            idx.labels);
  } else if (npy.exist()) {
    data = dataset_from_npy(npy.images, npy.labels);
  } else {
    const IdxNames names = idx_names(split);
    throw FileError(folder, fmt::format("has neither {} and {} (or .gz) nor {} and {}",
                                        names.images, names.labels, npy.images.filename().string(),
                                        npy.labels.filename().string()));
  }
  data.name = folder.string();
  return data;
}

}  // namespace hypnos

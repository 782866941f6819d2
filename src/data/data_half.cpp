#include "data/data_half.hpp"

#include <fmt/format.h>

#include "data/labels.hpp"
#include "hypnos/error.hpp"

namespace hypnos {

DataHalf make_half(ArrayView images, std::filesystem::path images_file, const ArrayView& labels,
                   std::filesystem::path labels_file) {
  if (images.shape.size() < 2 || images.shape.size() > 4) {
    throw FileError(images_file,
                    fmt::format("has the shape [{}]; images need [samples x features], "
                                "[samples x rows x columns] or four dimensions with "
                                "channels",
                                fmt::join(images.shape, " x ")));
  }
  if (images.bytes.empty()) throw FileError(images_file, "has no images");
  DataHalf half{.images_file = std::move(images_file), .labels_file = std::move(labels_file)};
  half.images = std::move(images);
  half.labels = read_labels(labels, half.labels_file);
  if (half.images.rows() != half.size()) {
    throw FileError(half.labels_file,
                    fmt::format("has {} labels for the {} images of {}", half.size(),
                                half.images.rows(), half.images_file.string()));
  }
  return half;
}

}  // namespace hypnos

#pragma once

// The halves of a data set as they lie in files, before anything is made of them.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/array_view.hpp"
#include "hypnos/dataset.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// Images and labels of one half.
struct DataHalf {
  std::filesystem::path images_file;  ///< for messages; an array of an .npz file comes after it
  std::filesystem::path labels_file;
  ArrayView images = {};
  std::vector<std::uint32_t> labels = {};  ///< class numbers as the file has them

  /// What the views point into.
  std::vector<std::shared_ptr<const void>> storage = {};

  std::size_t size() const { return labels.size(); }
};

/// All that was found under one name.
struct DataFiles {
  std::filesystem::path path = {};  ///< folder or file
  std::optional<DataHalf> train = {};
  std::optional<DataHalf> test = {};
  std::vector<std::string> ignored = {};  ///< what lies there too, and is not read

  const std::optional<DataHalf>& half(Split split) const {
    return split == Split::train ? train : test;
  }

  /// Those that are there.
  std::vector<const DataHalf*> halves() const {
    std::vector<const DataHalf*> there;
    if (train) there.push_back(&*train);
    if (test) there.push_back(&*test);
    return there;
  }
};

/// Puts a half together.
/// @param labels class numbers [n] or [n x 1], or [n x classes] with a single 1 in each row
/// @throws FileError when there are no images, labels are no class numbers, or the two do not fit.
DataHalf make_half(ArrayView images, std::filesystem::path images_file, const ArrayView& labels,
                   std::filesystem::path labels_file);

}  // namespace hypnos

#include "data/npz_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/whole_file.hpp"
#include "data/npy_view.hpp"
#include "data/zip.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

struct Pair {
  Split split;
  std::string_view images;
  std::string_view labels;
};
constexpr Pair known_pairs[] = {{Split::train, "train_images", "train_labels"},
                                {Split::train, "x_train", "y_train"},
                                {Split::train, "images", "labels"},
                                {Split::test, "test_images", "test_labels"},
                                {Split::test, "x_test", "y_test"}};

// An array's name: without the ending, and in small letters.
std::string name_of_entry(const ZipEntry& entry) {
  std::string name = entry.name;
  if (name.ends_with(".npy")) name.resize(name.size() - 4);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

class NpzReader {
 public:
  NpzReader(const std::filesystem::path& file, const Progress& progress)
      : file_(file),
        progress_(progress),
        content_(std::make_shared<const std::string>(read_file(file))),
        entries_(parse_zip(*content_, file)) {}

  DataFiles run() {
    DataFiles files{.path = file_};
    std::vector<const ZipEntry*> used;
    for (const Pair& pair : known_pairs) {
      const ZipEntry* images = find(pair.images);
      const ZipEntry* labels = find(pair.labels);
      if (images == nullptr || labels == nullptr) continue;
      auto& half = pair.split == Split::train ? files.train : files.test;
      if (half) {
        throw FileError(file_, fmt::format("has both {} and {}; keep one of them",
                                           half->images_file.filename().string(), pair.images));
      }
      half = read(*images, *labels);
      used.insert(used.end(), {images, labels});
    }
    for (const ZipEntry& entry : entries_) {
      if (std::find(used.begin(), used.end(), &entry) == used.end()) {
        files.ignored.push_back(entry.name);
      }
    }
    if (used.empty()) {
      throw FileError(file_, fmt::format("has the arrays {}, but neither train_images and "
                                         "train_labels, nor x_train and y_train, nor images and "
                                         "labels",
                                         fmt::join(files.ignored, ", ")));
    }
    return files;
  }

 private:
  const ZipEntry* find(std::string_view name) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const ZipEntry& entry) {
      return name_of_entry(entry) == name;
    });
    return found == entries_.end() ? nullptr : &*found;
  }

  std::filesystem::path place(const ZipEntry& entry) const {
    return file_.string() + ": " + entry.name;
  }

  DataHalf read(const ZipEntry& images, const ZipEntry& labels) const {
    std::string plain_labels;
    const auto plain_images = std::make_shared<std::string>();
    const ArrayView image_array =
        parse_npy(unpack(images, *plain_images, place(images), progress_), place(images));
    const ArrayView label_array =
        parse_npy(unpack(labels, plain_labels, place(labels), progress_), place(labels));
    DataHalf half = make_half(image_array, place(images), label_array, place(labels));
    half.storage = {content_, plain_images};
    return half;
  }

  std::filesystem::path file_;
  Progress progress_;
  std::shared_ptr<const std::string> content_;
  std::vector<ZipEntry> entries_;
};

}  // namespace

DataFiles open_npz(const std::filesystem::path& file, const Progress& progress) {
  return NpzReader(file, progress).run();
}

}  // namespace hypnos

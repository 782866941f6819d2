#include "data/data_files.hpp"

#include <fmt/format.h>

#include "base/whole_file.hpp"
#include "data/data_folder.hpp"
#include "data/gzip.hpp"
#include "data/idx.hpp"
#include "data/npz_data.hpp"
#include "hypnos/error.hpp"

namespace hypnos {

IdxNames idx_names(Split split) {
  const std::string prefix = split == Split::train ? "train" : "t10k";
  return {.images = prefix + "-images-idx3-ubyte", .labels = prefix + "-labels-idx1-ubyte"};
}

std::filesystem::path find_plain_or_gz(const std::filesystem::path& path) {
  if (std::filesystem::exists(path)) return path;
  std::filesystem::path compressed = path;
  compressed += ".gz";
  return std::filesystem::exists(compressed) ? compressed : std::filesystem::path();
}

std::string read_idx(const std::filesystem::path& path, const Progress& progress) {
  std::string content = read_file(path);
  if (!is_gzip(content)) return content;
  return gunzip(
      content, [&](std::string_view beginning) { return idx_length(beginning, path); }, path,
      progress);
}

DataHalf idx_half(std::string images, const std::filesystem::path& images_file, std::string labels,
                  const std::filesystem::path& labels_file) {
  const auto kept = std::make_shared<const std::string>(std::move(images));
  DataHalf half = make_half(parse_idx(*kept, images_file), images_file,
                            parse_idx(labels, labels_file), labels_file);
  half.storage.push_back(kept);
  return half;
}

DataFiles open_data_files(const std::filesystem::path& path, const Progress& progress) {
  if (std::filesystem::is_directory(path)) return open_folder(path, progress);
  if (!std::filesystem::exists(path)) throw FileError(path, "there is no such folder or file");
  if (path.extension() == ".npz") return open_npz(path, progress);
  if (path.extension() == ".csv") return open_csv(path);
  throw FileError(path, "is neither a folder nor an .npz or .csv file");
}

bool has_half(const std::filesystem::path& path, Split split) {
  if (std::filesystem::is_directory(path)) return folder_has_half(path, split);
  if (path.extension() == ".npz") return open_npz(path, {}).half(split).has_value();
  return split == Split::train && path.extension() == ".csv";
}

}  // namespace hypnos

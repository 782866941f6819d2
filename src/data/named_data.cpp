#include "hypnos/named_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/atomic_file.hpp"
#include "data/byte_file.hpp"
#include "data/checksum.hpp"
#include "data/download.hpp"
#include "data/folder.hpp"

namespace hypnos {
namespace {

std::array<NamedFile, 4> mnist_files(std::array<const char*, 4> sha256_sums) {
  const IdxNames train = idx_names(Split::train);
  const IdxNames test = idx_names(Split::test);
  return {{{train.images, sha256_sums[0], 47'040'016},
           {train.labels, sha256_sums[1], 60'008},
           {test.images, sha256_sums[2], 7'840'016},
           {test.labels, sha256_sums[3], 10'008}}};
}

const NamedFile& find_file(const NamedData& data, const std::string& name) {
  return *std::find_if(data.files.begin(), data.files.end(),
                       [&](const NamedFile& file) { return file.name == name; });
}

// The decompressed content of a file, checked.
std::string read_checked(const std::filesystem::path& path, const NamedFile& file,
                         const Progress& progress = {}) {
  std::string bytes = read_bytes(path, progress);
  if (sha256(bytes) != file.sha256) {
    throw FileError(path, "has a wrong SHA-256; delete it and fetch it again");
  }
  return bytes;
}

bool is_whole(const std::filesystem::path& path, const NamedFile& file) {
  try {
    return !path.empty() && sha256(read_bytes(path)) == file.sha256;
  } catch (const FileError&) {
    return false;
  }
}

// The first good copy of a file.
std::string download_from_mirrors(const NamedData& data, const NamedFile& file,
                                  const Progress& progress) {
  const Progress named([&](double part, std::string_view) {
    progress.tell(part, file.name);
    return true;
  });
  std::string failures;
  for (const std::string& mirror : data.mirrors) {
    const std::string url = mirror + file.name + ".gz";
    try {
      std::string bytes = download(url, named);
      if (sha256(gunzip(bytes, url)) == file.sha256) return bytes;
      failures += fmt::format("; {}: wrong SHA-256", url);
    } catch (const Error& error) {
      failures += fmt::format("; {}", error.what());
    }
  }
  throw SystemError(fmt::format("no mirror has {}{}", file.name, failures));
}

Dataset load_named(const NamedData& data, Split split, const Progress& progress) {
  const auto folder = find_folder(data, cache_folder());
  if (folder.empty()) throw MissingDataError(data.name);
  const IdxNames names = idx_names(split);
  const auto images = find_plain_or_gz(folder / names.images);
  const auto labels = find_plain_or_gz(folder / names.labels);
  Dataset dataset =
      dataset_from_idx(read_checked(images, find_file(data, names.images), progress), images,
                       read_checked(labels, find_file(data, names.labels)), labels);
  dataset.name = data.name;
  return dataset;
}

bool is_name(const std::string& text) {
  const auto all = named_data();
  return std::any_of(all.begin(), all.end(),
                     [&](const NamedData& data) { return data.name == text; });
}

}  // namespace

UnknownDataError::UnknownDataError(std::string name, std::vector<std::string> known)
    : InputError(fmt::format("there is no data set or folder \"{}\"; named sets: {}", name,
                             fmt::join(known, ", "))),
      name_(std::move(name)),
      known_(std::move(known)) {}

MissingDataError::MissingDataError(std::string name)
    : InputError(name + " is not on this machine"), name_(std::move(name)) {}

std::span<const NamedData> named_data() {
  static const std::array<NamedData, 2> all = {{
      {"fashion-mnist",
       "Fashion-MNIST: 60,000 + 10,000 gray images 28 x 28 of 10 kinds of clothing",
       mnist_files({"c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"}),
       {"/usr/share/datasets/fashion-mnist"},
       {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"}},
      {"mnist",
       "MNIST: 60,000 + 10,000 gray images 28 x 28 of handwritten digits",
       mnist_files({"ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"}),
       {},
       {"https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "http://yann.lecun.com/exdb/mnist/"}},
  }};
  return all;
}

const NamedData& find_named_data(const std::string& name) {
  std::vector<std::string> known;
  for (const NamedData& data : named_data()) {
    if (data.name == name) return data;
    known.push_back(data.name);
  }
  throw UnknownDataError(name, std::move(known));
}

std::filesystem::path cache_folder() {
  // Read once per call and never while threads change the environment.
  const char* chosen = std::getenv("HYPNOS_DATA");  // NOLINT(concurrency-mt-unsafe)
  if (chosen != nullptr && *chosen != '\0') return chosen;
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe)
  return std::filesystem::path(home != nullptr ? home : ".") / ".cache" / "hypnos";
}

std::filesystem::path find_folder(const NamedData& data, const std::filesystem::path& cache) {
  std::vector<std::filesystem::path> folders = {cache / data.name};
  folders.insert(folders.end(), data.installed.begin(), data.installed.end());
  for (const auto& folder : folders) {
    if (std::all_of(data.files.begin(), data.files.end(), [&](const NamedFile& file) {
          return !find_plain_or_gz(folder / file.name).empty();
        })) {
      return folder;
    }
  }
  return {};
}

void fetch(const NamedData& data, const std::filesystem::path& cache, const Progress& progress) {
  const std::filesystem::path folder = cache / data.name;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw SystemError(fmt::format("{}: {}", folder.string(), error.message()));
  std::array<double, 4> work{};
  std::transform(data.files.begin(), data.files.end(), work.begin(),
                 [](const NamedFile& file) { return static_cast<double>(file.bytes); });
  const std::vector<Progress> pieces = progress.share(work);
  for (std::size_t f = 0; f < data.files.size(); ++f) {
    const NamedFile& file = data.files.at(f);
    pieces[f].tell(0, file.name);
    if (!is_whole(find_plain_or_gz(folder / file.name), file)) {
      const std::string bytes = download_from_mirrors(data, file, pieces[f]);
      std::filesystem::remove(folder / file.name, error);  // a damaged one would hide the new
      write_file(folder / (file.name + ".gz"), bytes);
    }
    pieces[f].tell(1, file.name);
  }
}

std::string lasting_name(const std::string& name_or_folder) {
  if (is_name(name_or_folder) || !std::filesystem::is_directory(name_or_folder)) {
    return name_or_folder;
  }
  return std::filesystem::canonical(name_or_folder).string();
}

Dataset load(const std::string& name_or_folder, Split split, const Progress& progress) {
  if (!is_name(name_or_folder) && std::filesystem::exists(name_or_folder)) {
    return read_folder(name_or_folder, split, progress);
  }
  return load_named(find_named_data(name_or_folder), split, progress);
}

}  // namespace hypnos

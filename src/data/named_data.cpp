#include "hypnos/named_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/atomic_file.hpp"
#include "base/whole_file.hpp"
#include "data/checksum.hpp"
#include "data/data_files.hpp"
#include "data/download.hpp"
#include "data/gzip.hpp"
#include "data/open_data.hpp"

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

// Decompresses, and stops where the file is longer than it can be.
std::string plain_content(std::string bytes, const NamedFile& file,
                          const std::filesystem::path& path, const Progress& progress = {}) {
  if (!is_gzip(bytes)) return bytes;
  return gunzip(bytes, [&](std::string_view) { return std::optional(file.bytes); }, path, progress);
}

// The decompressed content of a file of the named data, checked.
std::string read_checked(const std::filesystem::path& path, const NamedFile& file,
                         const std::string& name, const Progress& progress = {}) {
  std::string bytes;
  try {
    bytes = plain_content(read_file(path), file, path, progress);
  } catch (const FileError& error) {
    throw DamagedDataError(path, error.reason(), name);
  }
  if (sha256(bytes) != file.sha256) throw DamagedDataError(path, "has a wrong SHA-256", name);
  return bytes;
}

bool is_whole(const std::filesystem::path& path, const NamedFile& file) {
  try {
    return !path.empty() && sha256(plain_content(read_file(path), file, path)) == file.sha256;
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
      constexpr std::size_t slack = 1 << 16;  // of what does not compress
      std::string bytes = download(url, file.bytes + slack, named);
      if (sha256(plain_content(bytes, file, url)) == file.sha256) return bytes;
      failures += fmt::format("; {}: wrong SHA-256", url);
    } catch (const Error& error) {
      failures += fmt::format("; {}", error.what());
    }
  }
  throw SystemError(fmt::format("no mirror has {}{}", file.name, failures));
}

OpenData open_named(const NamedData& data, const DataReading& reading, Split split,
                    const Progress& progress) {
  const auto folder = find_folder(data, cache_folder());
  if (folder.empty()) throw MissingDataError(data.name);
  const IdxNames names = idx_names(split);
  const auto images = find_plain_or_gz(folder / names.images);
  const auto labels = find_plain_or_gz(folder / names.labels);
  DataHalf half =
      idx_half(read_checked(images, find_file(data, names.images), data.name, progress), images,
               read_checked(labels, find_file(data, names.labels), data.name), labels);
  OpenData open{.name = data.name, .files = {.path = folder}, .format = {}};
  open.format = {.shape = decide_shape(half, reading),
                 .scale = reading.scale.value_or(ValueScale::pixels),
                 .classes = data.classes};
  (split == Split::train ? open.files.train : open.files.test) = std::move(half);
  open.known_sha256 = sha256(find_file(data, idx_names(Split::train).images).sha256 +
                             find_file(data, idx_names(Split::train).labels).sha256);
  return open;
}

bool is_name(const std::string& text) {
  const auto all = named_data();
  return std::any_of(all.begin(), all.end(),
                     [&](const NamedData& data) { return data.name == text; });
}

}  // namespace

UnknownDataError::UnknownDataError(std::string name, std::vector<std::string> known)
    : InputError(fmt::format("there is no data set, folder or file \"{}\"; named sets: {}", name,
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
       {"https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"}},
      {"mnist",
       "MNIST: 60,000 + 10,000 gray images 28 x 28 of handwritten digits",
       mnist_files({"ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"}),
       {},
       {"https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/"}},
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

std::string lasting_name(const std::string& name_or_path) {
  if (is_name(name_or_path) || !std::filesystem::exists(name_or_path)) return name_or_path;
  return std::filesystem::canonical(name_or_path).string();
}

OpenData open_data(const std::string& name_or_path, const DataReading& reading, Split needed,
                   const Progress& progress) {
  if (is_name(name_or_path) || !std::filesystem::exists(name_or_path)) {
    return open_named(find_named_data(name_or_path), reading, needed, progress);
  }
  OpenData open{
      .name = name_or_path, .files = open_data_files(name_or_path, progress), .format = {}};
  open.format = decide_format(open.files, reading);
  return open;
}

Dataset load(const std::string& name_or_path, Split split, const DataReading& reading,
             const Progress& progress) {
  Dataset data = read_samples(open_data(name_or_path, reading, split, progress), split);
  if (!reading.normalization.any()) return data;
  if (reading.normalization.means.empty()) {
    throw ParameterError("normalize", "needs the means of a training subset");
  }
  normalize(data, reading.normalization);
  return data;
}

bool has_split(const std::string& name_or_path, Split split) {
  return is_name(name_or_path) ? !find_folder(find_named_data(name_or_path), cache_folder()).empty()
                               : has_half(name_or_path, split);
}

}  // namespace hypnos

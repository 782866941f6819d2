#include "data/data_folder.hpp"

#include <fmt/format.h>

#include "base/whole_file.hpp"
#include "data/csv.hpp"
#include "data/data_files.hpp"
#include "data/npy_view.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// The files that might hold a half, in one form. A table has both in one file.
struct Form {
  std::filesystem::path images;
  std::filesystem::path labels;
  DataHalf (*read)(const Form&, const Progress&);

  bool is_there() const { return exists(images) && exists(labels); }
  bool is_partly_there() const { return exists(images) != exists(labels); }
  static bool exists(const std::filesystem::path& file) {
    return !file.empty() && std::filesystem::exists(file);
  }
};

DataHalf read_idx_form(const Form& form, const Progress& progress) {
  return idx_half(read_idx(form.images, progress), form.images, read_idx(form.labels), form.labels);
}

DataHalf read_npy_form(const Form& form, const Progress&) {
  const auto images = std::make_shared<const std::string>(read_file(form.images));
  const std::string labels = read_file(form.labels);
  DataHalf half = make_half(parse_npy(*images, form.images), form.images,
                            parse_npy(labels, form.labels), form.labels);
  half.storage.push_back(images);
  return half;
}

template <typename Number>
ArrayView view_of(const std::vector<Number>& numbers, NumberType type,
                  std::vector<std::size_t> shape) {
  return {
      .type = type,
      .shape = std::move(shape),
      .bytes = {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)}};
}

DataHalf read_csv_form(const Form& form, const Progress&) {
  const auto table =
      std::make_shared<const CsvTable>(parse_csv(read_file(form.images), form.images));
  const std::size_t rows = table->labels.size();
  DataHalf half =
      make_half(view_of(table->numbers, NumberType::f4, {rows, table->features.size()}),
                form.images, view_of(table->labels, NumberType::f8, {rows}), form.labels);
  half.storage.push_back(table);
  return half;
}

std::vector<Form> forms_of(const std::filesystem::path& folder, Split split) {
  const IdxNames idx = idx_names(split);
  const std::string prefix = split == Split::train ? "train" : "test";
  const std::filesystem::path table = folder / (prefix + ".csv");
  return {{.images = find_plain_or_gz(folder / idx.images),
           .labels = find_plain_or_gz(folder / idx.labels),
           .read = read_idx_form},
          {.images = folder / (prefix + "-images.npy"),
           .labels = folder / (prefix + "-labels.npy"),
           .read = read_npy_form},
          {.images = table, .labels = table, .read = read_csv_form}};
}

// The form in which a half is there; nothing if it is not.
std::optional<Form> find_form(const std::filesystem::path& folder, Split split,
                              std::vector<std::string>& ignored) {
  std::optional<Form> found;
  for (const Form& form : forms_of(folder, split)) {
    if (form.is_partly_there()) {
      const auto& file = Form::exists(form.images) ? form.images : form.labels;
      ignored.push_back(file.filename().string());
    }
    if (!form.is_there()) continue;
    if (found) {
      throw FileError(
          folder, fmt::format("has both {} and {}; keep one of them",
                              found->images.filename().string(), form.images.filename().string()));
    }
    found = form;
  }
  return found;
}

std::string missing_halves() {
  const IdxNames names = idx_names(Split::train);
  return fmt::format(
      "has no training half: {} and {} (or .gz), train-images.npy and "
      "train-labels.npy, or train.csv; and no test half",
      names.images, names.labels);
}

}  // namespace

DataFiles open_folder(const std::filesystem::path& folder, const Progress& progress) {
  DataFiles files{.path = folder};
  const auto train = find_form(folder, Split::train, files.ignored);
  const auto test = find_form(folder, Split::test, files.ignored);
  if (!train && !test) {
    throw FileError(folder, files.ignored.empty()
                                ? missing_halves()
                                : fmt::format("has {}, but not what belongs to it; images and "
                                              "labels are two files",
                                              fmt::join(files.ignored, ", ")));
  }
  if (train) files.train = train->read(*train, progress.stretch(0, 0.85));
  if (test) files.test = test->read(*test, progress.stretch(0.85, 1));
  return files;
}

bool folder_has_half(const std::filesystem::path& folder, Split split) {
  std::vector<std::string> ignored;
  return find_form(folder, split, ignored).has_value();
}

DataFiles open_csv(const std::filesystem::path& file) {
  return {.path = file,
          .train = read_csv_form({.images = file, .labels = file, .read = nullptr}, {})};
}

}  // namespace hypnos

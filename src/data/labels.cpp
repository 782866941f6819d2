#include "data/labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

constexpr std::size_t max_classes = 65536;

std::uint32_t class_number(double value, std::size_t sample, const std::filesystem::path& path) {
  if (value >= 0 && value < double{max_classes} && value == std::floor(value)) {
    return static_cast<std::uint32_t>(value);
  }
  throw FileError(path, fmt::format("sample {}: {} is not a class number; classes are numbered 0, "
                                    "1, 2, ... up to {}",
                                    sample, value, max_classes - 1));
}

std::uint32_t place_of_one(std::span<const double> row, std::size_t sample,
                           const std::filesystem::path& path) {
  const auto one = std::find(row.begin(), row.end(), 1.0);
  const auto zeros = std::count(row.begin(), row.end(), 0.0);
  if (one == row.end() || static_cast<std::size_t>(zeros) + 1 != row.size()) {
    throw FileError(path, fmt::format("sample {}: its {} numbers are not a single 1 among zeros; "
                                      "labels need one class number for each sample, or such rows",
                                      sample, row.size()));
  }
  return static_cast<std::uint32_t>(one - row.begin());
}

}  // namespace

std::vector<std::uint32_t> read_labels(const ArrayView& array, const std::filesystem::path& path) {
  if (array.shape.empty() || array.bytes.empty()) throw FileError(path, "has no labels");
  const std::size_t width = array.row_size();
  const bool flat = std::all_of(array.shape.begin() + 1, array.shape.end(),
                                [](std::size_t size) { return size == 1; });
  if (!flat && array.shape.size() != 2) {
    throw FileError(path, fmt::format("labels need the shape [samples], [samples x 1], or [samples "
                                      "x classes], not [{}]",
                                      fmt::join(array.shape, " x ")));
  }
  if (width > max_classes) throw FileError(path, fmt::format("has {} classes", width));
  std::vector<std::uint32_t> labels;
  labels.reserve(array.rows());
  std::vector<double> row(width);
  for (std::size_t sample = 0; sample < array.rows(); ++sample) {
    read_row(array, sample, row);
    labels.push_back(width == 1 ? class_number(row[0], sample, path)
                                : place_of_one(row, sample, path));
  }
  return labels;
}

}  // namespace hypnos

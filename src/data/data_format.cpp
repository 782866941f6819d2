#include "data/data_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

constexpr double brightest = 255;

std::string shape_text(const DataHalf& half) {
  return fmt::format("[{}]", fmt::join(half.images.shape, " x "));
}

bool are_bytes(const NumberRange& range) {
  return range.whole && range.low >= 0 && range.high <= brightest;
}

// Goes through the numbers until `look` has seen enough.
template <typename Look>
void each_number(const DataHalf& half, const Look& look) {
  std::vector<double> row(half.images.row_size());
  for (std::size_t sample = 0; sample < half.size(); ++sample) {
    read_row(half.images, sample, row);
    for (const double number : row) {
      if (!look(sample, number)) return;
    }
  }
}

// The range of both halves together, as far as it matters: whether they can be bytes.
NumberRange joint_range(const DataFiles& files) {
  NumberRange range;
  for (const DataHalf* half : files.halves()) {
    each_number(*half, [&](std::size_t, double number) {
      range.low = std::min(range.low, number);
      range.high = std::max(range.high, number);
      range.whole = range.whole && number == std::floor(number);
      return are_bytes(range);
    });
  }
  return range;
}

// Both ends of the labels of both halves.
struct LabelRange {
  std::uint32_t low;
  std::uint32_t high;
};

LabelRange labels_of(const DataFiles& files) {
  LabelRange range{.low = UINT32_MAX, .high = 0};
  for (const DataHalf* half : files.halves()) {
    const auto [low, high] = std::minmax_element(half->labels.begin(), half->labels.end());
    range = {.low = std::min(range.low, *low), .high = std::max(range.high, *high)};
  }
  return range;
}

std::uint32_t decide_first_label(const DataHalf& half, const LabelRange& labels,
                                 const DataReading& reading) {
  if (reading.first_label) {
    if (labels.low < *reading.first_label) {
      throw FileError(half.labels_file,
                      fmt::format("has the label {}, and labels cannot be counted from {}",
                                  labels.low, *reading.first_label));
    }
    return *reading.first_label;
  }
  if (labels.low != 1) return 0;
  throw AmbiguousDataError(
      half.labels_file,
      fmt::format("its labels are 1 to {}: {} classes counted from 1, or class 0 has no samples",
                  labels.high, labels.high),
      "first_label", {"1", "0"});
}

void check_classes(const DataHalf& half, std::size_t classes, std::size_t samples) {
  constexpr std::size_t many = 1000;
  if (classes > many && classes > samples) {
    throw FileError(half.labels_file,
                    fmt::format("has the class number {} with {} samples; classes are numbered 0, "
                                "1, 2, ... without large gaps",
                                classes - 1, samples));
  }
}

void check_same_shape(const DataFiles& files) {
  if (!files.train || !files.test) return;
  const auto& train = files.train->images.shape;
  const auto& test = files.test->images.shape;
  if (std::equal(train.begin() + 1, train.end(), test.begin() + 1, test.end())) return;
  throw FileError(files.test->images_file,
                  fmt::format("has the shape {}, but {} has {}; images of both halves must be of "
                              "one size",
                              shape_text(*files.test), files.train->images_file.filename().string(),
                              shape_text(*files.train)));
}

}  // namespace

void check_number(const DataHalf& half, std::size_t sample, double number) {
  if (std::abs(number) <= double{std::numeric_limits<float>::max()}) return;
  throw FileError(half.images_file,
                  fmt::format("sample {}: {}", sample,
                              std::isfinite(number)
                                  ? fmt::format("{:g} is too large for single precision", number)
                                  : "has numbers that are NaN or infinite"));
}

NumberRange range_of(const DataHalf& half) {
  NumberRange range{.low = std::numeric_limits<double>::infinity(),
                    .high = -std::numeric_limits<double>::infinity()};
  each_number(half, [&](std::size_t sample, double number) {
    check_number(half, sample, number);
    range.low = std::min(range.low, number);
    range.high = std::max(range.high, number);
    range.whole = range.whole && number == std::floor(number);
    return true;
  });
  return range;
}

ImageShape decide_shape(const DataHalf& half, const DataReading& reading) {
  const auto& shape = half.images.shape;
  if (shape.size() == 2) return {.columns = shape[1]};
  if (shape.size() == 3) return {.rows = shape[1], .columns = shape[2]};
  const auto may_be_channels = [](std::size_t size) { return size == 1 || size == 3; };
  std::optional<Layout> layout = reading.layout;
  if (!layout && may_be_channels(shape[1]) != may_be_channels(shape[3])) {
    layout = may_be_channels(shape[1]) ? Layout::channels_first : Layout::channels_last;
  }
  if (!layout) {
    throw AmbiguousDataError(
        half.images_file,
        fmt::format("has the shape {}: {} channels of {} x {} pixels, or {} x {} pixels of {} "
                    "channels",
                    shape_text(half), shape[1], shape[2], shape[3], shape[1], shape[2], shape[3]),
        "layout", {"first", "last"});
  }
  if (*layout == Layout::channels_first) {
    return {.rows = shape[2], .columns = shape[3], .channels = shape[1], .layout = *layout};
  }
  return {.rows = shape[1], .columns = shape[2], .channels = shape[3]};
}

ValueScale decide_scale(const DataHalf& half, const NumberRange& range) {
  if (!are_bytes(range) || range.high <= 1) return ValueScale::as_is;
  const bool table = half.images.shape.size() == 2;
  if (!table && !is_floating(half.images.type)) return ValueScale::pixels;
  throw AmbiguousDataError(
      half.images_file,
      fmt::format("has whole numbers from {:g} to {:g}{}: pixels, which are divided by 255, or {} "
                  "that are taken as they are",
                  range.low, range.high, table ? " without rows and columns" : " as floating point",
                  table ? "features" : "numbers"),
      "range", {"pixels", "as-is"});
}

DataFormat decide_format(const DataFiles& files, const DataReading& reading) {
  const std::vector<const DataHalf*> halves = files.halves();
  assert(!halves.empty());
  const DataHalf& half = *halves.front();
  check_same_shape(files);
  const LabelRange labels = labels_of(files);
  DataFormat format;
  format.shape = decide_shape(half, reading);
  format.scale = reading.scale ? *reading.scale : decide_scale(half, joint_range(files));
  format.first_label = decide_first_label(half, labels, reading);
  format.classes = std::size_t{labels.high} + 1 - format.first_label;
  std::size_t samples = 0;
  for (const DataHalf* part : halves) samples += part->size();
  check_classes(half, format.classes, samples);
  return format;
}

}  // namespace hypnos

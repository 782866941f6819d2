#include "hypnos/data_summary.hpp"

#include <algorithm>

#include "data/open_data.hpp"

namespace hypnos {
namespace {

HalfSummary summarize(const DataHalf& half, const DataFormat& format) {
  const NumberRange range = range_of(half);
  const auto [low, high] = std::minmax_element(half.labels.begin(), half.labels.end());
  HalfSummary summary{.images_file = half.images_file.filename().string(),
                      .labels_file = half.labels_file.filename().string(),
                      .shape = half.images.shape,
                      .number_type = std::string(name_of(half.images.type)),
                      .order = half.images.fortran ? "Fortran" : "C",
                      .low = range.low,
                      .high = range.high,
                      .whole = range.whole,
                      .label_low = *low,
                      .label_high = *high,
                      .per_class = std::vector<std::size_t>(format.classes, 0)};
  for (const std::uint32_t label : classes_of(half, format)) ++summary.per_class[label];
  return summary;
}

}  // namespace

DataSummary summarize_data(const std::string& name_or_path, const DataReading& reading) {
  OpenData open = open_data(name_or_path, reading, Split::train);
  DataSummary summary{.name = name_or_path,
                      .shape = open.format.shape,
                      .scale = open.format.scale,
                      .first_label = open.format.first_label,
                      .classes = open.format.classes,
                      .ignored = open.files.ignored};
  if (open.files.train) summary.train = summarize(*open.files.train, open.format);
  // Of named data only one half is open.
  const bool named = !open.known_sha256.empty();
  if (named) open = open_data(name_or_path, reading, Split::test);
  if (open.files.test) summary.test = summarize(*open.files.test, open.format);
  return summary;
}

}  // namespace hypnos

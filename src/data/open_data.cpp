#include "data/open_data.hpp"

#include <fmt/format.h>

#include "data/checksum.hpp"
#include "hypnos/error.hpp"

namespace hypnos {
namespace {

template <typename Value>
std::string_view bytes_of(const std::vector<Value>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value)};
}

}  // namespace

const DataHalf& OpenData::half(Split split) const {
  const auto& found = files.half(split);
  if (!found) {
    if (split == Split::test) throw NoTestHalfError(files.path);
    throw FileError(files.path, "has no training half");
  }
  return *found;
}

std::vector<std::uint32_t> classes_of(const DataHalf& half, const DataFormat& format) {
  std::vector<std::uint32_t> classes = half.labels;
  for (std::uint32_t& label : classes) label -= format.first_label;
  return classes;
}

Dataset read_samples(const OpenData& data, Split split, const std::vector<std::uint32_t>* samples,
                     const Progress& progress) {
  Dataset read = read_half(data.half(split), data.format, samples, progress);
  read.name = data.name;
  return read;
}

std::string checksum_of(const DataHalf& half, const std::vector<std::uint32_t>* samples) {
  Sha256 sum;
  const auto& shape = half.images.shape;
  sum.add(fmt::format("[{}]", fmt::join(shape.begin() + 1, shape.end(), ",")));
  std::vector<double> row(half.images.row_size());
  std::vector<float> numbers(row.size());
  std::vector<std::uint32_t> label(1);
  const std::size_t count = samples == nullptr ? half.size() : samples->size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t sample = samples == nullptr ? i : (*samples)[i];
    read_row(half.images, sample, row);
    for (std::size_t j = 0; j < row.size(); ++j) numbers[j] = static_cast<float>(row[j]);
    sum.add(bytes_of(numbers));
    label[0] = half.labels[sample];
    sum.add(bytes_of(label));
  }
  return sum.finish();
}

std::vector<std::uint32_t> draw(const OpenData& data, const Subset& subset) {
  const auto classes = classes_of(data.half(Split::train), data.format);
  return draw(subset,
              LabelView{.labels = classes, .classes = data.format.classes, .name = data.name});
}

DataRecord record_of(const OpenData& data, const std::vector<std::uint32_t>& chosen) {
  const DataHalf& half = data.half(Split::train);
  const auto& shape = half.images.shape;
  DataRecord record{.samples = half.size(),
                    .shape = {shape.begin() + 1, shape.end()},
                    .subset_samples = chosen.size()};
  record.sha256 = data.known_sha256.empty() ? checksum_of(half) : data.known_sha256;
  record.subset_sha256 = chosen.size() == half.size() ? record.sha256 : checksum_of(half, &chosen);
  return record;
}

std::string checksum_of(const OpenData& data) {
  if (!data.known_sha256.empty()) return {};
  std::string parts;
  for (const DataHalf* half : data.files.halves()) parts += checksum_of(*half);
  return sha256(parts);
}

}  // namespace hypnos

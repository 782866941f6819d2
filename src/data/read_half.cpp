#include "data/data_format.hpp"

namespace hypnos {
Dataset read_half(const DataHalf& half, const DataFormat& format,
                  const std::vector<std::uint32_t>* samples, const Progress& progress) {
  const std::size_t count = samples == nullptr ? half.size() : samples->size();
  const std::size_t features = format.shape.features();
  const double divisor = format.scale == ValueScale::pixels ? 255.0 : 1.0;
  Dataset data{.shape = format.shape, .classes = format.classes};
  const bool bytes = half.images.type == NumberType::u1 && format.scale == ValueScale::pixels;
  bytes ? data.pixels.reserve(count * features) : data.images.reserve(count * features);
  data.labels.reserve(count);
  std::vector<double> row(features);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t sample = samples == nullptr ? i : (*samples)[i];
    read_row(half.images, sample, row);
    for (const double number : row) {
      if (bytes) {
        data.pixels.push_back(static_cast<std::uint8_t>(number));
      } else {
        check_number(half, sample, number);
        data.images.push_back(static_cast<float>(number / divisor));
      }
    }
    data.labels.push_back(half.labels[sample] - format.first_label);
    constexpr std::size_t told = 1024;
    if (i % told == 0) progress.tell(static_cast<double>(i) / static_cast<double>(count));
  }
  return data;
}

}  // namespace hypnos

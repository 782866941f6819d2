#include "hypnos/dataset.hpp"

#include <array>
#include <cassert>

#include "data/feature_normalization.hpp"

namespace hypnos {
namespace {

constexpr std::array<float, 256> parts_of_255 = [] {
  std::array<float, 256> parts{};
  for (std::size_t byte = 0; byte < parts.size(); ++byte) {
    parts.at(byte) = static_cast<float>(static_cast<double>(byte) / 255.0);
  }
  return parts;
}();

}  // namespace

std::span<const float> Dataset::image(std::size_t sample, std::span<float> buffer) const {
  const std::size_t features = shape.features();
  const std::size_t first = sample * features;
  if (pixels.empty()) return numbers().subspan(first, features);
  assert(buffer.size() == features);
  for (std::size_t j = 0; j < features; ++j) buffer[j] = parts_of_255[pixels[first + j]];
  if (normalization.any()) normalize_image(buffer, shape, normalization);
  return buffer;
}

std::vector<float> images_of(const Dataset& data) {
  if (data.pixels.empty()) return {data.numbers().begin(), data.numbers().end()};
  const std::size_t features = data.shape.features();
  std::vector<float> images(data.size() * features);
  for (std::size_t sample = 0; sample < data.size(); ++sample) {
    data.image(sample, std::span(images).subspan(sample * features, features));
  }
  return images;
}

Dataset select(const Dataset& data, std::span<const std::uint32_t> indices) {
  Dataset chosen{.name = data.name,
                 .shape = data.shape,
                 .classes = data.classes,
                 .normalization = data.normalization};
  const std::size_t features = data.shape.features();
  const auto copy = [&](const auto& from, auto& to) {
    if (from.empty()) return;
    to.reserve(indices.size() * features);
    for (const std::uint32_t index : indices) {
      const auto begin = from.begin() + static_cast<std::ptrdiff_t>(index * features);
      to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(features));
    }
  };
  copy(data.numbers(), chosen.images);
  copy(data.pixels, chosen.pixels);
  chosen.labels.reserve(indices.size());
  for (const std::uint32_t index : indices) {
    assert(index < data.size());
    chosen.labels.push_back(data.labels[index]);
  }
  return chosen;
}

}  // namespace hypnos

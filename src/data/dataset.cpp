#include "hypnos/dataset.hpp"

#include <algorithm>
#include <cassert>

namespace hypnos {

Dataset select(const Dataset& data, std::span<const std::uint32_t> indices) {
  Dataset chosen{.name = data.name, .shape = data.shape, .classes = data.classes};
  chosen.images.reserve(indices.size() * data.shape.features());
  chosen.labels.reserve(indices.size());
  for (const std::uint32_t index : indices) {
    assert(index < data.size());
    const auto image = data.image(index);
    chosen.images.insert(chosen.images.end(), image.begin(), image.end());
    chosen.labels.push_back(data.labels[index]);
  }
  return chosen;
}

std::vector<float> mean_image(const Dataset& data) {
  std::vector<double> sums(data.shape.features(), 0.0);
  for (std::size_t sample = 0; sample < data.size(); ++sample) {
    const auto image = data.image(sample);
    for (std::size_t j = 0; j < sums.size(); ++j) sums[j] += double{image[j]};
  }
  std::vector<float> mean(sums.size());
  const double samples = std::max<double>(1.0, static_cast<double>(data.size()));
  std::transform(sums.begin(), sums.end(), mean.begin(),
                 [samples](double sum) { return static_cast<float>(sum / samples); });
  return mean;
}

}  // namespace hypnos

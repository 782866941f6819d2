#include "hypnos/dataset.hpp"

#include <cassert>

namespace hypnos {

Dataset select(const Dataset& data, std::span<const std::uint32_t> indices) {
  Dataset chosen{.name = data.name,
                 .shape = data.shape,
                 .classes = data.classes,
                 .normalization = data.normalization};
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

}  // namespace hypnos

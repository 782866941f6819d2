#include "baselines/closed_form.hpp"

#include <fmt/format.h>

#include "hypnos/error.hpp"

namespace hypnos {

void check_same_kind(const Dataset& training, const Dataset& test) {
  if (training.size() == 0) throw InputError("there are no samples to learn from");
  if (training.shape.features() != test.shape.features()) {
    throw InputError(fmt::format("test images of {} pixels for training images of {}",
                                 test.shape.features(), training.shape.features()));
  }
}

void for_each_block(
    const Dataset& data, const Progress& progress,
    const std::function<void(std::span<const float> images, const Progress& progress)>& work) {
  constexpr std::size_t block = 500;
  const std::size_t features = data.shape.features();
  const auto all = static_cast<double>(data.size());
  std::vector<float> buffer(features);
  for (std::size_t first = 0; first < data.size(); first += block) {
    const std::size_t count = std::min(block, data.size() - first);
    const auto begin = static_cast<double>(first);
    const Progress of_block =
        progress.stretch(begin / all, (begin + static_cast<double>(count)) / all);
    of_block.tell(0);
    std::vector<float> images;
    images.reserve(count * features);
    for (std::size_t sample = first; sample < first + count; ++sample) {
      const auto image = data.image(sample, buffer);
      images.insert(images.end(), image.begin(), image.end());
    }
    work(images, of_block);
  }
}

}  // namespace hypnos

#include "training/closed_form.hpp"

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

bool for_each_block(const Dataset& data, const std::function<bool(double part)>& go_on,
                    const std::function<void(std::span<const float> images)>& work) {
  constexpr std::size_t block = 500;
  const std::size_t features = data.shape.features();
  for (std::size_t first = 0; first < data.size(); first += block) {
    const double part = static_cast<double>(first) / static_cast<double>(data.size());
    if (go_on && !go_on(part)) return false;
    const std::size_t count = std::min(block, data.size() - first);
    work(std::span(data.images).subspan(first * features, count * features));
  }
  return true;
}

}  // namespace hypnos

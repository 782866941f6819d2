#include "hypnos/prediction.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hypnos/error.hpp"
#include "training/tensors.hpp"

namespace hypnos {

Prediction predict(const Network& network, const Dataset& data, const ResponseVisitor& visit) {
  validate(network);
  if (data.shape.features() != network.inputs()) {
    throw InputError(fmt::format("images of {} pixels for a network of {} inputs",
                                 data.shape.features(), network.inputs()));
  }
  const torch::NoGradGuard no_gradients;
  // Only read: wrap() is for training too, and libtorch knows no read-only memory.
  const auto layers = wrap(const_cast<Network&>(network));
  Prediction prediction;
  prediction.maxima.assign(layers.size(), 0.0F);
  prediction.outputs.reserve(data.size() * network.outputs());
  prediction.answers.reserve(data.size());
  constexpr std::size_t batch = 1000;
  for (std::size_t first = 0; first < data.size(); first += batch) {
    const std::size_t count = std::min(batch, data.size() - first);
    auto* pixels = const_cast<float*>(data.image(first).data());
    torch::Tensor a = torch::from_blob(
        pixels, {static_cast<std::int64_t>(count), static_cast<std::int64_t>(network.inputs())});
    for (std::size_t l = 0; l < layers.size(); ++l) {
      const bool hidden = l + 1 < layers.size();
      a = affine(layers[l], a);
      if (hidden || network.output == OutputKind::relu) a.relu_();
      if (hidden && network.test_factor() != 1) a.mul_(network.test_factor());
      prediction.maxima[l] = std::max(prediction.maxima[l], a.max().item<float>());
      if (visit) {
        visit(l, first, {a.data_ptr<float>(), static_cast<std::size_t>(a.numel())});
      }
    }
    const float* output = a.data_ptr<float>();
    const std::size_t classes = network.outputs();
    prediction.outputs.insert(prediction.outputs.end(), output, output + count * classes);
    for (std::size_t s = 0; s < count; ++s, output += classes) {
      const float* largest = std::max_element(output, output + classes);
      prediction.answers.push_back(static_cast<std::uint32_t>(largest - output));
    }
  }
  return prediction;
}

}  // namespace hypnos

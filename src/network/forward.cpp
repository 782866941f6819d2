#include "network/forward.hpp"

#include <algorithm>
#include <cassert>

namespace hypnos {

void forward(const Network& network, std::span<const float> input, const ActivationVisitor& visit) {
  assert(input.size() == network.inputs());
  std::vector<float> below(input.begin(), input.end());
  std::vector<float> here;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const Layer& layer = network.layers[l];
    const bool hidden = l + 1 < network.layers.size();
    here.assign(layer.outputs, 0.0F);
    for (std::size_t i = 0; i < layer.outputs; ++i) {
      const float* weights = &layer.weights[i * layer.inputs];
      float sum = 0;
      for (std::size_t j = 0; j < layer.inputs; ++j) sum += weights[j] * below[j];
      if (!layer.biases.empty()) sum += layer.biases[i];
      if (hidden || network.output == OutputKind::relu) sum = std::max(sum, 0.0F);
      here[i] = hidden ? sum * network.test_factor() : sum;
    }
    visit(l, here);
    below.swap(here);
  }
}

}  // namespace hypnos

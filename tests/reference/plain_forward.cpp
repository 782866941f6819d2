#include "reference/plain_forward.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace hypnos::test {

void plain_forward(const Network& network, std::span<const float> input,
                   const ActivationVisitor& visit) {
  assert(input.size() == network.inputs());
  std::vector<float> below(input.begin(), input.end());
  std::vector<float> here;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const Layer& layer = network.layers[l];
    const bool hidden = l + 1 < network.layers.size();
    here.assign(layer.outputs, 0.0F);
    for (std::size_t i = 0; i < layer.outputs; ++i) {
      const float* weights = &layer.weights[i * layer.inputs];
      float sum = layer.biases.empty() ? 0 : layer.biases[i];
      for (std::size_t j = 0; j < layer.inputs; ++j) sum = std::fma(below[j], weights[j], sum);
      if (hidden || network.output == OutputKind::relu) sum = std::max(sum, 0.0F);
      here[i] = hidden ? sum * network.test_factor() : sum;
    }
    visit(l, here);
    below.swap(here);
  }
}

}  // namespace hypnos::test

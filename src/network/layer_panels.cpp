#include "network/layer_panels.hpp"

#include <algorithm>

namespace hypnos {

LayerPanels panels_of(const Layer& layer) {
  LayerPanels panels = make_layer_panels(layer.inputs, layer.outputs, !layer.biases.empty());
  panels.weights.set_transposed(layer.weights);
  std::copy(layer.biases.begin(), layer.biases.end(), panels.biases.data());
  return panels;
}

void copy_from_panels(const LayerPanels& panels, Layer& layer) {
  panels.weights.get_transposed(layer.weights);
  std::copy_n(panels.biases.data(), layer.biases.size(), layer.biases.begin());
}

}  // namespace hypnos

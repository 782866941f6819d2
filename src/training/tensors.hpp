#pragma once

// Between plain arrays and libtorch, without copying: the tensors look at the vectors' memory.

#include <torch/torch.h>

#include <vector>

#include "hypnos/network.hpp"

namespace hypnos {

struct LayerTensors {
  torch::Tensor weights;  ///< [outputs x inputs]
  torch::Tensor biases;   ///< [outputs], or undefined
};

/// Changes to the tensors are changes to the network; they must not outlive it.
inline std::vector<LayerTensors> wrap(Network& network) {
  std::vector<LayerTensors> tensors;
  for (Layer& layer : network.layers) {
    const auto outputs = static_cast<std::int64_t>(layer.outputs);
    const auto inputs = static_cast<std::int64_t>(layer.inputs);
    LayerTensors wrapped;
    wrapped.weights = torch::from_blob(layer.weights.data(), {outputs, inputs});
    if (!layer.biases.empty()) wrapped.biases = torch::from_blob(layer.biases.data(), {outputs});
    tensors.push_back(std::move(wrapped));
  }
  return tensors;
}

/// W below + b, [samples x outputs].
inline torch::Tensor affine(const LayerTensors& layer, const torch::Tensor& below) {
  return layer.biases.defined() ? torch::addmm(layer.biases, below, layer.weights.t())
                                : torch::mm(below, layer.weights.t());
}

}  // namespace hypnos

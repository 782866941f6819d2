#include "hypnos/network.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstdint>

#include "hypnos/error.hpp"

namespace hypnos {
namespace {

// Without a way out in the middle, so that it vectorizes: networks are checked before every sleep.
bool all_finite(const std::vector<float>& values) {
  constexpr std::uint32_t exponent = 0x7F800000;  // all ones: infinite or NaN
  std::uint32_t found = 0;
  for (const float v : values) {
    found |= (std::bit_cast<std::uint32_t>(v) & exponent) == exponent ? 1U : 0U;
  }
  return found == 0;
}

}  // namespace

void validate(const Network& network) {
  if (network.layers.empty()) throw InputError("the network has no layers");
  if (!(network.dropout >= 0 && network.dropout < 1)) {
    throw ParameterError("dropout", fmt::format("{} is not in [0, 1)", network.dropout));
  }
  if (network.output == OutputKind::sigmoid && network.outputs() != 1) {
    throw InputError(fmt::format(
        "a sigmoid output is one unit for two classes, and the network has {}", network.outputs()));
  }
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const Layer& layer = network.layers[l];
    if (layer.inputs == 0 || layer.outputs == 0) {
      throw InputError(fmt::format("layer {} is empty", l + 1));
    }
    if (l > 0 && layer.inputs != network.layers[l - 1].outputs) {
      throw InputError(fmt::format("layer {} has {} outputs, but layer {} takes {} inputs", l,
                                   network.layers[l - 1].outputs, l + 1, layer.inputs));
    }
    if (layer.weights.size() / layer.outputs != layer.inputs ||
        layer.weights.size() % layer.outputs != 0) {
      throw InputError(fmt::format("layer {} has {} weights instead of {} x {}", l + 1,
                                   layer.weights.size(), layer.outputs, layer.inputs));
    }
    if (!layer.biases.empty() && layer.biases.size() != layer.outputs) {
      throw InputError(fmt::format("layer {} has {} biases for {} units", l + 1,
                                   layer.biases.size(), layer.outputs));
    }
    if (!all_finite(layer.weights)) {
      throw InputError(fmt::format("layer {} has weights that are NaN or infinite", l + 1));
    }
    if (!all_finite(layer.biases)) {
      throw InputError(fmt::format("layer {} has biases that are NaN or infinite", l + 1));
    }
  }
}

}  // namespace hypnos

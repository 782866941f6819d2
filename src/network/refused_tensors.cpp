#include "network/refused_tensors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hypnos {
namespace {

struct Refused {
  std::string_view part;  // of the tensor's name
  std::string_view why;
};

constexpr std::string_view pruned =
    "the layer is pruned; make that permanent before you save it: "
    "torch.nn.utils.prune.remove(layer, \"weight\")";
constexpr std::string_view parametrized =
    "the layer's weights are computed from others; make them permanent before you save it: "
    "torch.nn.utils.parametrize.remove_parametrizations(layer, \"weight\"), or "
    "torch.nn.utils.remove_weight_norm(layer)";
constexpr std::string_view quantized = "the weights are quantized; save the network before that";
constexpr std::string_view recurrent = "recurrent layers are not supported";

constexpr Refused all[] = {
    {"weight_orig", pruned},
    {"weight_mask", pruned},
    {"bias_orig", pruned},
    {"bias_mask", pruned},
    {"weight_g", parametrized},
    {"weight_v", parametrized},
    {"weight_u", parametrized},
    {"parametrizations", parametrized},
    {"lora_A", "the network has adapters (LoRA); merge them before you save it"},
    {"lora_B", "the network has adapters (LoRA); merge them before you save it"},
    {"qweight", quantized},
    {"weight_scale", quantized},
    {"zero_point", quantized},
    {"_packed_params", quantized},
    {"kernel",
     "weights of Keras or JAX are [inputs x outputs]; transpose them, and name them "
     "\"<layer>.weight\""},
    {"in_proj_weight", "attention is not supported"},
    {"weight_ih_l0", recurrent},
    {"weight_hh_l0", recurrent},
};

std::string_view last_part(std::string_view name) {
  return name.substr(name.rfind('.') + 1);
}

}  // namespace

std::optional<std::string_view> why_refused(std::string_view tensor_name) {
  // The parts between dots, one after the other.
  while (!tensor_name.empty()) {
    const std::string_view part = tensor_name.substr(0, tensor_name.find('.'));
    const auto* found = std::find_if(std::begin(all), std::end(all),
                                     [&](const Refused& refused) { return refused.part == part; });
    if (found != std::end(all)) return found->why;
    tensor_name.remove_prefix(std::min(part.size() + 1, tensor_name.size()));
  }
  return std::nullopt;
}

std::optional<std::string> why_tied(const safetensors::File& file) {
  const auto is_tensor = [&](const std::string& name) {
    return std::any_of(file.tensors.begin(), file.tensors.end(),
                       [&](const StoredTensor& tensor) { return tensor.name == name; });
  };
  for (const auto& [name, other] : file.metadata) {
    const bool like_a_tensor = name.find('.') != name.npos || last_part(name) == last_part(other);
    if (!like_a_tensor || is_tensor(name) || !is_tensor(other)) continue;
    return fmt::format(
        "metadata {}: is the same tensor as {}, for both of two layers; sleep would change each "
        "of them in its own way. Save a network in which they are not shared",
        name, other);
  }
  return std::nullopt;
}

}  // namespace hypnos

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "network/safetensors.hpp"

namespace hypnos {

/// Why a tensor shows that the file is not of a network that can be read as it is, and what to do:
/// pruned, normalized or quantized weights, weights of Keras, ... Nothing for all others.
std::optional<std::string_view> why_refused(std::string_view tensor_name);

/// Why the file is refused whose metadata say that one tensor stands for two ("save_model" of the
/// safetensors package writes such): both layers would have to change alike. Nothing for others.
std::optional<std::string> why_tied(const safetensors::File& file);

}  // namespace hypnos

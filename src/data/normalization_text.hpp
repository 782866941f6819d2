#pragma once

#include <string>

#include "hypnos/data_reading.hpp"

namespace hypnos {

/// The normalization that a text stands for: "0.5,0.25", "standardize" or "none".
/// @throws ParameterError
Normalization parse_normalization(const std::string& text);

}  // namespace hypnos

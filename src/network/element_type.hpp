#pragma once

// Between the number types of model files and single precision.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hypnos {

/// Bytes per element of a floating-point type, by its safetensors name (F64, F32, F16, BF16);
/// nothing for types that are not supported.
std::optional<std::size_t> element_size(std::string_view type);

/// Little-endian `bytes` of the type to single precision.
std::vector<float> to_floats(std::string_view type, std::string_view bytes);

/// Single precision to little-endian bytes of the type, rounded to nearest, ties to even.
std::string to_bytes(std::string_view type, std::span<const float> values);

}  // namespace hypnos

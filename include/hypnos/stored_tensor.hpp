#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hypnos {

/// A tensor as a safetensors file has it.
struct StoredTensor {
  std::string name;
  std::string type;  ///< as the format names it: F32, F16, I64, ...
  std::vector<std::uint64_t> shape;
  std::string bytes;  ///< row-major, little-endian
};

}  // namespace hypnos

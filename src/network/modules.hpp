#pragma once

// The tensors of a file by the modules that they belong to: "fc1" has "fc1.weight" and "fc1.bias".

#include <filesystem>
#include <string>
#include <vector>

#include "network/safetensors.hpp"

namespace hypnos {

/// A fully connected layer.
struct LinearModule {
  std::string name;
  const StoredTensor* weights = nullptr;  ///< [outputs x inputs]
  const StoredTensor* biases = nullptr;   ///< [outputs], or null
};

/// A BatchNorm1d with what it learned of its input.
struct NormModule {
  std::string name;
  const StoredTensor* scale = nullptr;  ///< or null
  const StoredTensor* shift = nullptr;  ///< or null
  const StoredTensor* mean = nullptr;
  const StoredTensor* variance = nullptr;

  std::size_t units() const { return mean->shape[0]; }
};

/// What is in a file; pointers are into it.
struct Modules {
  std::vector<LinearModule> layers;  ///< in the order of the file
  std::vector<NormModule> norms;
  std::vector<const StoredTensor*> kept;  ///< without effect on any answer
};

/// Every tensor is part of a layer or of a BatchNorm, or is known to have no effect (counters of
/// batches, thresholds of spiking neurons, what the user says). Anything else is refused.
/// @param without_effect names of tensors or modules
/// @throws FileError, UnknownTensorError naming the tensor.
Modules find_modules(const std::filesystem::path& path, const safetensors::File& file,
                     const std::vector<std::string>& without_effect);

}  // namespace hypnos

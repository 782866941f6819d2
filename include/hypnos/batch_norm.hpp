#pragma once

#include <optional>

#include "hypnos/names.hpp"
#include "hypnos/stored_tensor.hpp"

namespace hypnos {

/// Where a BatchNorm stands that is between two layers.
enum class NormPlace {
  before_relu,  ///< Linear, BatchNorm, ReLU
  after_relu,   ///< Linear, ReLU, BatchNorm
};
template <>
inline constexpr Name<NormPlace> names_of<NormPlace>[] = {{NormPlace::before_relu, "before-relu"},
                                                          {NormPlace::after_relu, "after-relu"}};

/// A BatchNorm1d as the file has it: y = (x - mean) / sqrt(variance + epsilon) * scale + shift.
struct BatchNorm {
  std::string name;                        ///< of the module: "bn1"
  std::optional<StoredTensor> scale = {};  ///< "<name>.weight"; none: 1
  std::optional<StoredTensor> shift = {};  ///< "<name>.bias"; none: 0
  StoredTensor mean;                       ///< "<name>.running_mean"
  StoredTensor variance;                   ///< "<name>.running_var"
  double epsilon = 1e-5;                   ///< not in the file: PyTorch's default
};

}  // namespace hypnos

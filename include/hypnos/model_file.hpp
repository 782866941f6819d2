#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "hypnos/network.hpp"

namespace hypnos {

/// How one layer is called and stored in a model file.
struct LayerFormat {
  std::string weights_name;
  std::string weights_type = "F32";  ///< F32, F64, F16 or BF16
  std::string biases_name;           ///< empty: no biases
  std::string biases_type = "F32";
};

/// A network with what its safetensors file says beyond it. A file that is read and written again
/// keeps its tensor names, number types and metadata.
///
/// Names are taken as PyTorch writes them: "<layer>.weight" and "<layer>.bias". Output kind and
/// dropout stand in the metadata ("hypnos.output", "hypnos.dropout", "hypnos.dropout_form"); a
/// file without them is taken as a softmax network without dropout.
struct Model {
  Network network;
  std::vector<LayerFormat> formats = {};             ///< one per layer
  std::map<std::string, std::string> metadata = {};  ///< without what `network` already says
};

/// A model named and stored as PyTorch's nn.Sequential(Linear, ReLU, Linear, ...) would:
/// "0.weight", "0.bias", "2.weight", ...
Model make_model(Network network);

/// @throws FileError when the file is not a safetensors file, or not of a multilayer perceptron
///   whose shapes form a chain, or has values that are NaN or infinite.
Model read_model(const std::filesystem::path& path);

/// Writes in one step: a reader sees the old file or the new one.
/// @throws InputError when a value is too large for its number type (F16);
///   SystemError when the file cannot be written.
void write_model(const std::filesystem::path& path, const Model& model);

}  // namespace hypnos

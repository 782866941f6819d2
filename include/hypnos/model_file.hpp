#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hypnos/batch_norm.hpp"
#include "hypnos/names.hpp"
#include "hypnos/network.hpp"
#include "hypnos/stored_tensor.hpp"

namespace hypnos {

/// How one layer is called and stored in a model file.
struct LayerFormat {
  std::string weights_name;
  std::string weights_type = "F32";  ///< F32, F64, F16 or BF16
  std::string biases_name = {};      ///< empty: no biases
  std::string biases_type = "F32";
  std::string weights_bytes = {};  ///< as they were read; empty: the network is new
  std::string biases_bytes = {};
  std::optional<BatchNorm> input_norm = {};   ///< of what comes into the layer
  std::optional<BatchNorm> output_norm = {};  ///< of what its units sum up, before the ReLU
};

/// What says in which order the layers of a file stand, from the input to the output.
enum class OrderEvidence {
  single,   ///< there is one layer
  given,    ///< the user, or the file's metadata ("hypnos.layers")
  shapes,   ///< no other order is a chain
  numbers,  ///< the numbers in their names; no other order that keeps to them is a chain
  file,     ///< the order in the file, which is not that of the names
};
template <>
inline constexpr Name<OrderEvidence> names_of<OrderEvidence>[] = {
    {OrderEvidence::single, "single"},
    {OrderEvidence::given, "given"},
    {OrderEvidence::shapes, "shapes"},
    {OrderEvidence::numbers, "numbers"},
    {OrderEvidence::file, "file"}};

/// What a user knows of a file that the file does not say.
struct Reading {
  std::vector<std::string> layers = {};          ///< from the input to the output; empty: not said
  std::optional<NormPlace> batch_norm = {};      ///< of BatchNorms between layers
  std::vector<std::string> without_effect = {};  ///< tensors or modules that are only kept
};

/// A network with what its safetensors file says beyond it. A file that is read and written again
/// keeps its tensor names, number types and metadata. Values that did not change keep their bytes.
///
/// Names are taken as PyTorch writes them: "<layer>.weight" and "<layer>.bias". Output kind and
/// dropout stand in the metadata ("hypnos.output", "hypnos.dropout", "hypnos.dropout_form"). A file
/// without them is taken as a network without dropout, with a sigmoid where it has one output, and
/// with a softmax otherwise.
///
/// BatchNorms are part of `network`: they are folded into the weights and biases when the file is
/// read, and taken out again when it is written.
struct Model {
  Network network;
  std::vector<LayerFormat> formats = {};             ///< one per layer
  std::map<std::string, std::string> metadata = {};  ///< without what the other fields say
  OrderEvidence order = OrderEvidence::numbers;
  std::optional<NormPlace> norm_place = {};      ///< where names and numbers do not say it
  std::vector<std::string> without_effect = {};  ///< what the user said is only kept
  std::vector<StoredTensor> kept = {};           ///< no answer depends on these
};

/// A model named and stored as PyTorch's nn.Sequential(Linear, ReLU, Linear, ...) would:
/// "0.weight", "0.bias", "2.weight", ...
Model make_model(Network network);

/// @throws FileError when the file is not a safetensors file, or not of a multilayer perceptron
///   whose shapes form a chain, or has values that are NaN or infinite. What the file leaves open
///   has errors of its own: model_errors.hpp.
Model read_model(const std::filesystem::path& path, const Reading& reading = {});

/// Writes in one step: a reader sees the old file or the new one.
/// @throws InputError when a value is too large for its number type (F16);
///   SystemError when the file cannot be written.
void write_model(const std::filesystem::path& path, const Model& model);

/// What write_model() writes.
std::vector<StoredTensor> tensors_of(const Model& model);

/// The network that read_model() finds in the file which write_model() writes: the same, rounded to
/// the number types of the file.
Network as_written(const Model& model);

}  // namespace hypnos

#include "hypnos/model_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

#include "hypnos/error.hpp"
#include "network/element_type.hpp"
#include "network/safetensors.hpp"

namespace hypnos {
namespace {

using safetensors::Tensor;

constexpr const char* output_key = "hypnos.output";
constexpr const char* dropout_key = "hypnos.dropout";
constexpr const char* dropout_form_key = "hypnos.dropout_form";

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

// "fc2" before "fc10": runs of digits compare as numbers.
bool natural_less(const std::string& a, const std::string& b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const auto run = [](const std::string& text, std::size_t& at) {
        while (at < text.size() && text[at] == '0') ++at;
        const std::size_t begin = at;
        while (at < text.size() && is_digit(text[at])) ++at;
        return text.substr(begin, at - begin);
      };
      const std::string x = run(a, i);
      const std::string y = run(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

// "fc1" of "fc1.weight".
std::string layer_of(const std::string& tensor_name) {
  return tensor_name.substr(0, tensor_name.rfind('.'));
}

std::string shape_text(const Tensor& tensor) {
  return fmt::format("[{}]", fmt::join(tensor.shape, " x "));
}

bool is_chain(const std::vector<const Tensor*>& weights) {
  for (std::size_t l = 1; l < weights.size(); ++l) {
    if (weights[l]->shape[1] != weights[l - 1]->shape[0]) return false;
  }
  return true;
}

// The weights from input to output: in the order of their names, or else in that of the file.
std::vector<const Tensor*> order_weights(const std::filesystem::path& path,
                                         const std::vector<const Tensor*>& in_file) {
  std::vector<const Tensor*> by_name = in_file;
  std::sort(by_name.begin(), by_name.end(),
            [](const Tensor* a, const Tensor* b) { return natural_less(a->name, b->name); });
  if (is_chain(by_name)) return by_name;
  if (is_chain(in_file)) return in_file;
  std::string chain;
  for (const Tensor* tensor : by_name) {
    chain += fmt::format("{}{} {}", chain.empty() ? "" : ", ", tensor->name, shape_text(*tensor));
  }
  throw FileError(path, "the shapes (outputs x inputs) do not form a chain: " + chain);
}

std::vector<float> read_values(const std::filesystem::path& path, const Tensor& tensor) {
  if (!element_size(tensor.type)) {
    throw FileError(path, fmt::format("tensor {}: number type {} is not supported; use F32, F64, "
                                      "F16 or BF16",
                                      tensor.name, tensor.type));
  }
  return to_floats(tensor.type, tensor.bytes);
}

// Takes the value of a metadata key out, so that it is kept in one place only.
std::string take(std::map<std::string, std::string>& metadata, const char* key,
                 const char* otherwise) {
  const auto node = metadata.extract(key);
  return node.empty() ? otherwise : node.mapped();
}

template <typename Enum>
void read_name(const std::filesystem::path& path, const char* key, const std::string& text,
               Enum& value) {
  const auto found = named<Enum>(text);
  if (!found) {
    throw FileError(path,
                    fmt::format("metadata {}: \"{}\" is not {}", key, text, list_names<Enum>()));
  }
  value = *found;
}

void read_architecture(const std::filesystem::path& path, Model& model) {
  const std::string output = take(model.metadata, output_key, "softmax");
  const std::string dropout = take(model.metadata, dropout_key, "0");
  const std::string form = take(model.metadata, dropout_form_key, "inverted");
  Network& network = model.network;
  read_name(path, output_key, output, network.output);
  read_name(path, dropout_form_key, form, network.dropout_form);
  const auto [end, error] =
      std::from_chars(dropout.data(), dropout.data() + dropout.size(), network.dropout);
  if (error != std::errc() || end != dropout.data() + dropout.size() ||
      !(network.dropout >= 0 && network.dropout < 1)) {
    throw FileError(
        path, fmt::format("metadata {}: \"{}\" is not a number in [0, 1)", dropout_key, dropout));
  }
}

// The values in their type; refuses those that it cannot hold.
Tensor make_tensor(const std::string& name, const std::string& type,
                   std::vector<std::uint64_t> shape, const std::vector<float>& values) {
  Tensor tensor{
      .name = name, .type = type, .shape = std::move(shape), .bytes = to_bytes(type, values)};
  const std::vector<float> stored = to_floats(type, tensor.bytes);
  if (!std::all_of(stored.begin(), stored.end(), [](float v) { return std::isfinite(v); })) {
    throw InputError(
        fmt::format("tensor {}: a value is too large for its number type {}", name, type));
  }
  return tensor;
}

}  // namespace

Model make_model(Network network) {
  Model model{.network = std::move(network)};
  for (std::size_t l = 0; l < model.network.layers.size(); ++l) {
    LayerFormat format;
    format.weights_name = fmt::format("{}.weight", 2 * l);
    if (!model.network.layers[l].biases.empty()) format.biases_name = fmt::format("{}.bias", 2 * l);
    model.formats.push_back(std::move(format));
  }
  return model;
}

Model read_model(const std::filesystem::path& path) {
  safetensors::File file = safetensors::read(path);
  std::vector<const Tensor*> weights;
  std::map<std::string, const Tensor*> biases;  // by layer
  for (const Tensor& tensor : file.tensors) {
    if (tensor.shape.size() == 2) {
      weights.push_back(&tensor);
    } else if (tensor.shape.size() == 1) {
      if (!tensor.name.ends_with("bias")) {
        throw FileError(path,
                        fmt::format("tensor {} {}: of one-dimensional tensors only biases are "
                                    "supported, named \"<layer>.bias\"",
                                    tensor.name, shape_text(tensor)));
      }
      biases[layer_of(tensor.name)] = &tensor;
    } else {
      throw FileError(path, fmt::format("tensor {} {}: only fully connected layers are supported, "
                                        "with weights [outputs x inputs] and biases [outputs]",
                                        tensor.name, shape_text(tensor)));
    }
  }
  if (weights.empty()) throw FileError(path, "has no weights");

  Model model;
  model.metadata = std::move(file.metadata);
  read_architecture(path, model);
  for (const Tensor* tensor : order_weights(path, weights)) {
    Layer layer;
    layer.outputs = tensor->shape[0];
    layer.inputs = tensor->shape[1];
    layer.weights = read_values(path, *tensor);
    LayerFormat format;
    format.weights_name = tensor->name;
    format.weights_type = tensor->type;
    const auto found = biases.find(layer_of(tensor->name));
    if (found != biases.end()) {
      layer.biases = read_values(path, *found->second);
      format.biases_name = found->second->name;
      format.biases_type = found->second->type;
      biases.erase(found);
    }
    model.network.layers.push_back(std::move(layer));
    model.formats.push_back(std::move(format));
  }
  if (!biases.empty()) {
    throw FileError(path, fmt::format("tensor {}: no weights of the same layer (\"{}.weight\")",
                                      biases.begin()->second->name, biases.begin()->first));
  }
  try {
    validate(model.network);
  } catch (const InputError& error) {
    throw FileError(path, error.what());
  }
  return model;
}

void write_model(const std::filesystem::path& path, const Model& model) {
  validate(model.network);
  safetensors::File file;
  file.metadata = model.metadata;
  file.metadata[output_key] = name_of(model.network.output);
  file.metadata[dropout_key] = fmt::format("{}", model.network.dropout);
  file.metadata[dropout_form_key] = name_of(model.network.dropout_form);
  for (std::size_t l = 0; l < model.network.layers.size(); ++l) {
    const Layer& layer = model.network.layers[l];
    const LayerFormat& format = model.formats.at(l);
    file.tensors.push_back(make_tensor(format.weights_name, format.weights_type,
                                       {layer.outputs, layer.inputs}, layer.weights));
    if (!layer.biases.empty()) {
      file.tensors.push_back(
          make_tensor(format.biases_name, format.biases_type, {layer.outputs}, layer.biases));
    }
  }
  safetensors::write(path, file);
}

}  // namespace hypnos

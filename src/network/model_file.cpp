#include "hypnos/model_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

#include "base/json.hpp"
#include "hypnos/error.hpp"
#include "network/batch_norm.hpp"
#include "network/element_type.hpp"
#include "network/layer_order.hpp"
#include "network/modules.hpp"
#include "network/norm_place.hpp"
#include "network/safetensors.hpp"

namespace hypnos {
namespace {

using Path = std::filesystem::path;
using Metadata = std::map<std::string, std::string>;

constexpr const char* output_key = "hypnos.output";
constexpr const char* dropout_key = "hypnos.dropout";
constexpr const char* dropout_form_key = "hypnos.dropout_form";
constexpr const char* layers_key = "hypnos.layers";
constexpr const char* batch_norm_key = "hypnos.batch_norm";
constexpr const char* without_effect_key = "hypnos.without_effect";

// Takes the value of a metadata key out, so that it is kept in one place only.
std::optional<std::string> take(Metadata& metadata, const char* key) {
  const auto node = metadata.extract(key);
  if (node.empty()) return std::nullopt;
  return node.mapped();
}

template <typename Enum>
void read_name(const Path& path, const char* key, const std::optional<std::string>& text,
               Enum& value) {
  if (!text) return;
  const auto found = named<Enum>(*text);
  if (!found) {
    throw FileError(path,
                    fmt::format("metadata {}: \"{}\" is not {}", key, *text, list_names<Enum>()));
  }
  value = *found;
}

std::vector<std::string> read_list(const Path& path, const char* key,
                                   const std::optional<std::string>& text) {
  if (!text) return {};
  std::vector<std::string> list;
  const auto json = parse_json(*text);
  bool fits = json && json->is_array();
  if (fits) {
    for (const Json& element : *json) {
      fits = fits && element.is_string();
      if (fits) list.push_back(element.get<std::string>());
    }
  }
  if (!fits) throw FileError(path, fmt::format("metadata {}: is not a list of texts", key));
  return list;
}

void read_architecture(const Path& path, Model& model) {
  Network& network = model.network;
  network.output = network.outputs() == 1 ? OutputKind::sigmoid : OutputKind::softmax;
  read_name(path, output_key, take(model.metadata, output_key), network.output);
  read_name(path, dropout_form_key, take(model.metadata, dropout_form_key), network.dropout_form);
  const std::string dropout = take(model.metadata, dropout_key).value_or("0");
  const auto [end, error] =
      std::from_chars(dropout.data(), dropout.data() + dropout.size(), network.dropout);
  if (error != std::errc() || end != dropout.data() + dropout.size() ||
      !(network.dropout >= 0 && network.dropout < 1)) {
    throw FileError(
        path, fmt::format("metadata {}: \"{}\" is not a number in [0, 1)", dropout_key, dropout));
  }
}

// What the user says, and else what the file remembers of it.
Reading remembered(const Path& path, Metadata& metadata, const Reading& said) {
  Reading reading{
      .layers = read_list(path, layers_key, take(metadata, layers_key)),
      .without_effect = read_list(path, without_effect_key, take(metadata, without_effect_key))};
  if (const auto place = take(metadata, batch_norm_key)) {
    read_name(path, batch_norm_key, place, reading.batch_norm.emplace());
  }
  if (!said.layers.empty()) reading.layers = said.layers;
  if (said.batch_norm) reading.batch_norm = said.batch_norm;
  if (!said.without_effect.empty()) reading.without_effect = said.without_effect;
  return reading;
}

void require_real(const Path& path, const StoredTensor& tensor) {
  if (element_size(tensor.type)) return;
  throw FileError(path, fmt::format("tensor {}: number type {} is not supported; use F32, F64, F16 "
                                    "or BF16",
                                    tensor.name, tensor.type));
}

BatchNorm read_norm(const Path& path, const NormModule& module) {
  for (const StoredTensor* tensor : {module.mean, module.variance, module.scale, module.shift}) {
    if (tensor != nullptr) require_real(path, *tensor);
  }
  BatchNorm norm{.name = module.name, .mean = *module.mean, .variance = *module.variance};
  if (module.scale != nullptr) norm.scale = *module.scale;
  if (module.shift != nullptr) norm.shift = *module.shift;
  return norm;
}

LayerFormat read_format(const Path& path, const LinearModule& module) {
  require_real(path, *module.weights);
  LayerFormat format{.weights_name = module.weights->name,
                     .weights_type = module.weights->type,
                     .weights_bytes = module.weights->bytes};
  if (module.biases != nullptr) {
    require_real(path, *module.biases);
    format.biases_name = module.biases->name;
    format.biases_type = module.biases->type;
    format.biases_bytes = module.biases->bytes;
  }
  return format;
}

void add_norms(const Path& path, const Modules& modules, const Reading& reading, Model& model) {
  const auto positions = place_norms(path, modules.layers, modules.norms, reading.batch_norm);
  for (std::size_t n = 0; n < positions.size(); ++n) {
    const NormPosition& at = positions[n];
    LayerFormat& format = model.formats[at.layer];
    (at.on_input ? format.input_norm : format.output_norm) = read_norm(path, modules.norms[n]);
    if (!at.proven) {
      model.norm_place = at.on_input ? NormPlace::after_relu : NormPlace::before_relu;
    }
  }
}

Layer read_layer(const LinearModule& module) {
  Layer layer{.outputs = module.weights->shape[0], .inputs = module.weights->shape[1]};
  layer.weights = to_floats(module.weights->type, module.weights->bytes);
  if (module.biases != nullptr) {
    layer.biases = to_floats(module.biases->type, module.biases->bytes);
  }
  return layer;
}

void check(const Path& path, const Network& network) {
  try {
    validate(network);
  } catch (const InputError& error) {
    throw FileError(path, error.what());
  }
}

Model decode(const Path& path, safetensors::File file, const Reading& said) {
  Model model;
  model.metadata = std::move(file.metadata);
  const Reading reading = remembered(path, model.metadata, said);
  model.without_effect = reading.without_effect;
  file.metadata = model.metadata;
  Modules modules = find_modules(path, file, reading.without_effect);
  model.order = order_layers(path, modules.layers, reading.layers);
  for (const LinearModule& module : modules.layers) {
    model.formats.push_back(read_format(path, module));
    model.network.layers.push_back(read_layer(module));
  }
  read_architecture(path, model);
  check(path, model.network);
  add_norms(path, modules, reading, model);
  if (!modules.norms.empty()) {
    for (std::size_t l = 0; l < model.formats.size(); ++l) {
      Layer& layer = model.network.layers[l];
      layer = fold(path, layer, model.formats[l]);
    }
    check(path, model.network);
  }
  for (const StoredTensor* tensor : modules.kept) model.kept.push_back(*tensor);
  return model;
}

// The values in their type; refuses those that it cannot hold. A value that is as it was read keeps
// its bytes: a type may be finer than single precision.
StoredTensor make_tensor(const std::string& name, const std::string& type,
                         std::vector<std::uint64_t> shape, const std::vector<float>& values,
                         const std::string& bytes_read) {
  StoredTensor tensor{
      .name = name, .type = type, .shape = std::move(shape), .bytes = to_bytes(type, values)};
  const std::vector<float> stored = to_floats(type, tensor.bytes);
  if (!std::all_of(stored.begin(), stored.end(), [](float v) { return std::isfinite(v); })) {
    throw InputError(
        fmt::format("tensor {}: a value is too large for its number type {}", name, type));
  }
  if (bytes_read.size() != tensor.bytes.size()) return tensor;
  const std::vector<float> read = to_floats(type, bytes_read);
  const std::size_t size = tensor.bytes.size() / values.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::bit_cast<std::uint32_t>(read[i]) != std::bit_cast<std::uint32_t>(values[i])) continue;
    std::copy_n(&bytes_read[i * size], size, &tensor.bytes[i * size]);
  }
  return tensor;
}

void add_norm(std::vector<StoredTensor>& tensors, const std::optional<BatchNorm>& norm) {
  if (!norm) return;
  if (norm->scale) tensors.push_back(*norm->scale);
  if (norm->shift) tensors.push_back(*norm->shift);
  tensors.push_back(norm->mean);
  tensors.push_back(norm->variance);
}

// What cannot be seen from names and shapes.
void remember_reading(const Model& model, Metadata& metadata) {
  if (model.order == OrderEvidence::given || model.order == OrderEvidence::file) {
    Json layers = Json::array();
    for (const LayerFormat& format : model.formats) layers.push_back(format.weights_name);
    metadata[layers_key] = text_of(layers);
  }
  if (model.norm_place) metadata[batch_norm_key] = name_of(*model.norm_place);
  if (!model.without_effect.empty()) metadata[without_effect_key] = text_of(model.without_effect);
}

safetensors::File encode(const Model& model) {
  validate(model.network);
  safetensors::File file;
  file.metadata = model.metadata;
  file.metadata[output_key] = name_of(model.network.output);
  file.metadata[dropout_key] = fmt::format("{}", model.network.dropout);
  file.metadata[dropout_form_key] = name_of(model.network.dropout_form);
  remember_reading(model, file.metadata);
  file.tensors = tensors_of(model);
  return file;
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

Model read_model(const Path& path, const Reading& reading) {
  return decode(path, safetensors::read(path), reading);
}

void write_model(const Path& path, const Model& model) {
  safetensors::write(path, encode(model));
}

std::vector<StoredTensor> tensors_of(const Model& model) {
  std::vector<StoredTensor> tensors;
  for (std::size_t l = 0; l < model.network.layers.size(); ++l) {
    const LayerFormat& format = model.formats.at(l);
    const Unfolded stored = unfold(model.network.layers[l], format);
    const Layer& layer = stored.layer;
    add_norm(tensors, format.input_norm);
    tensors.push_back(make_tensor(format.weights_name, format.weights_type,
                                  {layer.outputs, layer.inputs}, layer.weights,
                                  format.weights_bytes));
    if (!layer.biases.empty()) {
      tensors.push_back(make_tensor(format.biases_name, format.biases_type, {layer.outputs},
                                    layer.biases, format.biases_bytes));
    }
    add_norm(tensors, stored.output_norm);
  }
  tensors.insert(tensors.end(), model.kept.begin(), model.kept.end());
  return tensors;
}

Network as_written(const Model& model) {
  return decode({}, encode(model), {}).network;
}

}  // namespace hypnos

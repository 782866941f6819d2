#include "study/sequence_files.hpp"

#include <fmt/format.h>

#include <cstring>
#include <stdexcept>

#include "base/json.hpp"
#include "hypnos/error.hpp"
#include "hypnos/model_file.hpp"
#include "network/safetensors.hpp"

namespace hypnos {
namespace {

constexpr const char* key = "hypnos.sequence";

StoredTensor tensor_of(const std::string& name, const std::vector<float>& values) {
  return {.name = name,
          .type = "F32",
          .shape = {values.size()},
          .bytes = {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)}};
}

void add_layers(const std::string& name, const std::vector<Layer>& layers,
                std::vector<StoredTensor>& tensors) {
  for (std::size_t l = 0; l < layers.size(); ++l) {
    tensors.push_back(tensor_of(fmt::format("{}.{}.weights", name, l), layers[l].weights));
    tensors.push_back(tensor_of(fmt::format("{}.{}.biases", name, l), layers[l].biases));
  }
}

Json sizes_of(const Network& network) {
  Json sizes = Json::array({network.inputs()});
  for (const Layer& layer : network.layers) sizes.push_back(layer.outputs);
  return sizes;
}

// Takes the tensors of a file in the order in which they were written.
class Tensors {
 public:
  Tensors(const safetensors::File& file, std::vector<std::size_t> sizes)
      : file_(file), sizes_(std::move(sizes)) {}

  std::vector<Layer> layers() {
    std::vector<Layer> layers;
    for (std::size_t l = 0; l + 1 < sizes_.size(); ++l) {
      Layer layer{.outputs = sizes_[l + 1], .inputs = sizes_[l]};
      layer.weights = next();
      layer.biases = next();
      const bool has_form = layer.weights.size() == layer.outputs * layer.inputs &&
                            (layer.biases.empty() || layer.biases.size() == layer.outputs);
      if (!has_form) throw std::out_of_range(file_.tensors.at(next_ - 1).name);
      layers.push_back(std::move(layer));
    }
    return layers;
  }

 private:
  std::vector<float> next() {
    const StoredTensor& tensor = file_.tensors.at(next_++);
    if (tensor.type != "F32") throw std::out_of_range(tensor.name);
    std::vector<float> values(tensor.bytes.size() / sizeof(float));
    if (!values.empty()) {
      std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(float));
    }
    return values;
  }

  const safetensors::File& file_;
  std::vector<std::size_t> sizes_;
  std::size_t next_ = 0;
};

}  // namespace

void write_state(const std::filesystem::path& path, const SequenceState& state,
                 const std::string& sequence) {
  const Network& network = state.trained.network;
  Json json = {{"sequence", sequence},
               {"learned", state.learned},
               {"slept", state.slept},
               {"updates", state.optimizer.updates},
               {"kept", state.optimizer.kept.size()},
               {"importance", !state.importance.empty()},
               {"anchor", state.anchor.has_value()},
               {"exemplars", state.exemplars},
               {"sizes", sizes_of(network)},
               {"output", name_of(network.output)},
               {"dropout", network.dropout},
               {"dropout_form", name_of(network.dropout_form)},
               {"rows", Json::array()}};
  for (const TaskAccuracies& row : state.rows) {
    json["rows"].push_back(
        {{"learned", row.learned}, {"before", row.before}, {"slept", row.slept}});
  }
  safetensors::File file;
  add_layers("network", network.layers, file.tensors);
  for (std::size_t n = 0; n < state.optimizer.kept.size(); ++n) {
    add_layers(fmt::format("kept{}", n), state.optimizer.kept[n], file.tensors);
  }
  add_layers("importance", state.importance, file.tensors);
  if (state.anchor) add_layers("anchor", state.anchor->layers, file.tensors);
  Model model;
  write_recipe(model, state.trained.recipe);
  file.metadata = model.metadata;
  file.metadata[key] = text_of(json);
  safetensors::write(path, file);
}

SequenceState read_state(const std::filesystem::path& path, const std::string& sequence) {
  const safetensors::File file = safetensors::read(path);
  try {
    const Json json = Json::parse(file.metadata.at(key));
    if (json.at("sequence") != sequence) {
      throw FileError(path, "is left from another sequence; remove it, or write elsewhere");
    }
    Tensors tensors(file, json.at("sizes").get<std::vector<std::size_t>>());
    SequenceState state{.learned = json.at("learned"), .slept = json.at("slept")};
    Model model;
    model.metadata = file.metadata;
    state.trained.recipe = read_recipe(model, path.string());
    Network& network = state.trained.network;
    network.layers = tensors.layers();
    const auto output = named<OutputKind>(json.at("output").get<std::string>());
    const auto dropout_form = named<DropoutForm>(json.at("dropout_form").get<std::string>());
    if (!output || !dropout_form) throw std::out_of_range("output");
    network.output = *output;
    network.dropout = json.at("dropout");
    network.dropout_form = *dropout_form;
    state.optimizer.updates = json.at("updates");
    for (std::size_t n = 0; n < json.at("kept"); ++n) {
      state.optimizer.kept.push_back(tensors.layers());
    }
    if (json.at("importance")) state.importance = tensors.layers();
    if (json.at("anchor")) {
      state.anchor = network;
      state.anchor->layers = tensors.layers();
    }
    state.exemplars = json.at("exemplars");
    for (const Json& row : json.at("rows")) {
      state.rows.push_back(
          {.learned = row.at("learned"), .before = row.at("before"), .slept = row.at("slept")});
    }
    return state;
  } catch (const Json::exception&) {
    throw FileError(path, "is not the state of a sequence; delete it");
  } catch (const std::logic_error&) {
    throw FileError(path, "is not the state of a sequence; delete it");
  }
}

}  // namespace hypnos

#include "network/modules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "hypnos/model_errors.hpp"
#include "network/refused_tensors.hpp"

namespace hypnos {
namespace {

using Parts = std::map<std::string, const StoredTensor*>;  // by the name within the module

std::string module_of(const std::string& tensor) {
  const std::size_t dot = tensor.rfind('.');
  return dot == tensor.npos ? "" : tensor.substr(0, dot);
}

std::string part_of(const std::string& tensor) {
  return tensor.substr(tensor.rfind('.') + 1);
}

const StoredTensor* find(const Parts& parts, const std::string& name) {
  const auto found = parts.find(name);
  return found == parts.end() ? nullptr : found->second;
}

// Whether it has this name, or belongs to a module of this name.
bool is_of(const StoredTensor& tensor, const std::string& name) {
  return tensor.name == name || tensor.name.starts_with(name + ".");
}

// A count, like that of the batches that a BatchNorm has seen.
bool is_counter(const StoredTensor& tensor) {
  const bool whole = tensor.type == "BOOL" || tensor.type[0] == 'I' || tensor.type[0] == 'U';
  return whole && tensor.bytes.size() == safetensors::bytes_per_element(tensor.type);
}

// Neurons of snnTorch. What they do to spikes has nothing to do with the network of ReLUs.
bool is_spiking_neuron(const Parts& parts) {
  constexpr std::array known = {"threshold",
                                "graded_spikes_factor",
                                "reset_mechanism_val",
                                "alpha",
                                "beta",
                                "mem",
                                "spk",
                                "syn",
                                "V"};
  return parts.contains("threshold") &&
         std::all_of(parts.begin(), parts.end(), [&](const auto& part) {
           return std::find(known.begin(), known.end(), part.first) != known.end();
         });
}

// What the heads of Avalanche that grow keep: which classes they have met. Answers of others are
// masked.
bool is_of_all_classes(const StoredTensor& tensor) {
  const std::size_t element = safetensors::bytes_per_element(tensor.type).value_or(0);
  if (part_of(tensor.name) != "active_units" || tensor.shape.size() != 1 || element == 0) {
    return false;
  }
  for (std::size_t at = 0; at < tensor.bytes.size(); at += element) {
    const auto of_unit = std::string_view(tensor.bytes).substr(at, element);
    if (of_unit.find_first_not_of('\0') == of_unit.npos) return false;
  }
  return true;
}

class Finder {
 public:
  Finder(const std::filesystem::path& path, const std::vector<std::string>& without_effect)
      : path_(path), without_effect_(without_effect) {}

  void add(const StoredTensor& tensor) {
    if (std::any_of(without_effect_.begin(), without_effect_.end(),
                    [&](const std::string& name) { return is_of(tensor, name); })) {
      found_.kept.push_back(&tensor);
      return;
    }
    if (const auto why = why_refused(tensor.name)) {
      throw FileError(path_, fmt::format("tensor {}: {}", tensor.name, *why));
    }
    const std::string module = module_of(tensor.name);
    if (!parts_.contains(module)) modules_.push_back(module);
    parts_[module][part_of(tensor.name)] = &tensor;
  }

  Modules finish() {
    for (const std::string& module : modules_) {
      const Parts& parts = parts_[module];
      const StoredTensor* weights = find(parts, "weight");
      if (parts.contains("running_mean") && parts.contains("running_var")) {
        add_norm(module, parts);
      } else if (is_spiking_neuron(parts)) {
        for (const auto& [name, tensor] : parts) found_.kept.push_back(tensor);
      } else if (weights != nullptr && weights->shape.size() == 2) {
        add_layer(module, parts);
      } else {
        for (const auto& [name, tensor] : parts) keep_or_refuse(module, *tensor);
      }
    }
    return std::move(found_);
  }

 private:
  void add_layer(const std::string& module, const Parts& parts) {
    const StoredTensor* biases = find(parts, "bias");
    if (biases != nullptr && biases->shape.size() != 1) {
      throw FileError(path_, fmt::format("tensor {} [{}]: biases have the shape [outputs]",
                                         biases->name, fmt::join(biases->shape, " x ")));
    }
    const StoredTensor* weights = find(parts, "weight");
    if (biases != nullptr && biases->shape[0] != weights->shape[0] &&
        biases->shape[0] == weights->shape[1]) {
      throw FileError(
          path_, fmt::format("tensor {} [{}] with {} biases: weights have the shape "
                             "[outputs x inputs]; transpose these",
                             weights->name, fmt::join(weights->shape, " x "), biases->shape[0]));
    }
    found_.layers.push_back({.name = module, .weights = weights, .biases = biases});
    for (const auto& [name, tensor] : parts) {
      if (name == "weight" || name == "bias") continue;
      keep_or_refuse(module, *tensor);
    }
  }

  void add_norm(const std::string& module, const Parts& parts) {
    const NormModule norm{.name = module,
                          .scale = find(parts, "weight"),
                          .shift = find(parts, "bias"),
                          .mean = find(parts, "running_mean"),
                          .variance = find(parts, "running_var")};
    for (const StoredTensor* tensor : {norm.mean, norm.variance, norm.scale, norm.shift}) {
      if (tensor == nullptr) continue;
      if (tensor->shape.size() != 1 || tensor->shape != norm.mean->shape) {
        throw FileError(path_,
                        fmt::format("tensor {} [{}]: a BatchNorm1d has vectors of one length",
                                    tensor->name, fmt::join(tensor->shape, " x ")));
      }
    }
    found_.norms.push_back(norm);
    for (const auto& [name, tensor] : parts) {
      if (name == "weight" || name == "bias" || name.starts_with("running_")) continue;
      keep_or_refuse(module, *tensor);
    }
  }

  void keep_or_refuse(const std::string& module, const StoredTensor& tensor) {
    if (is_counter(tensor) || is_of_all_classes(tensor)) {
      found_.kept.push_back(&tensor);
      return;
    }
    const std::string named =
        fmt::format("tensor {} [{}]: ", tensor.name, fmt::join(tensor.shape, " x "));
    if (tensor.shape.size() > 2) {
      throw UnknownTensorError(path_, tensor.name,
                               named +
                                   "only fully connected layers are supported, with weights "
                                   "[outputs x inputs] and biases [outputs]");
    }
    const std::string part = part_of(tensor.name);
    if (part == "bias" && tensor.shape.size() == 1 && !parts_[module].contains("weight")) {
      throw UnknownTensorError(
          path_, tensor.name,
          named + fmt::format("no weights of the same layer (\"{}weight\")",
                              tensor.name.substr(0, tensor.name.size() - part.size())));
    }
    if (part == "active_units") {
      throw UnknownTensorError(path_, tensor.name,
                               named + "answers are masked where it is 0, and here some are");
    }
    if (part == "weight" || part == "bias") {
      throw UnknownTensorError(path_, tensor.name,
                               named +
                                   "of a layer that is neither linear nor a BatchNorm with running "
                                   "statistics (a PReLU or LayerNorm?); such are not supported");
    }
    throw UnknownTensorError(path_, tensor.name,
                             named +
                                 "it is not known what it does; a layer has \"<layer>.weight\" "
                                 "[outputs x inputs] and \"<layer>.bias\" [outputs]");
  }

  const std::filesystem::path& path_;
  const std::vector<std::string>& without_effect_;
  std::vector<std::string> modules_;  // in the order of the file
  std::map<std::string, Parts> parts_;
  Modules found_;
};

void check_names(const std::filesystem::path& path, const safetensors::File& file,
                 const std::vector<std::string>& without_effect) {
  for (const std::string& name : without_effect) {
    const bool there = std::any_of(file.tensors.begin(), file.tensors.end(),
                                   [&](const StoredTensor& tensor) { return is_of(tensor, name); });
    if (name.empty() || !there) {
      throw FileError(path,
                      fmt::format("has no tensor or layer \"{}\" that could be left aside", name));
    }
  }
}

}  // namespace

Modules find_modules(const std::filesystem::path& path, const safetensors::File& file,
                     const std::vector<std::string>& without_effect) {
  check_names(path, file, without_effect);
  if (const auto why = why_tied(file)) throw FileError(path, *why);
  Finder finder(path, without_effect);
  for (const StoredTensor& tensor : file.tensors) finder.add(tensor);
  Modules modules = finder.finish();
  if (modules.layers.empty()) throw FileError(path, "has no weights");
  return modules;
}

}  // namespace hypnos

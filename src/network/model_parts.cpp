#include "network/model_parts.hpp"

namespace hypnos {

std::vector<StoredTensor> tensors_that_matter(const Model& model) {
  std::vector<StoredTensor> tensors = tensors_of(model);
  tensors.resize(tensors.size() - model.kept.size());
  return tensors;
}

std::vector<std::string> layer_names(const Model& model) {
  std::vector<std::string> names;
  names.reserve(model.formats.size());
  for (const LayerFormat& format : model.formats) names.push_back(format.weights_name);
  return names;
}

std::vector<std::string> kept_names(const Model& model) {
  std::vector<std::string> names;
  names.reserve(model.kept.size());
  for (const StoredTensor& tensor : model.kept) names.push_back(tensor.name);
  return names;
}

std::vector<Norm> norms_of(const Model& model) {
  std::vector<Norm> norms;
  for (const LayerFormat& format : model.formats) {
    if (const auto& norm = format.input_norm) {
      norms.push_back({norm->name, "what comes into " + format.weights_name, norm->epsilon});
    }
    if (const auto& norm = format.output_norm) {
      norms.push_back({norm->name, "the sums of " + format.weights_name, norm->epsilon});
    }
  }
  return norms;
}

}  // namespace hypnos

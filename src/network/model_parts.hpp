#pragma once

// What a model file is made of, for people.

#include <string>
#include <vector>

#include "hypnos/model_file.hpp"

namespace hypnos {

/// What the layers and BatchNorms are made of.
std::vector<StoredTensor> tensors_that_matter(const Model& model);

/// Names of the layers' weights, from the input to the output.
std::vector<std::string> layer_names(const Model& model);

/// Names of the tensors without effect on any answer.
std::vector<std::string> kept_names(const Model& model);

/// Which BatchNorm acts where.
struct Norm {
  std::string name;
  std::string place;  ///< "the sums of fc1.weight"
  double epsilon;
};
std::vector<Norm> norms_of(const Model& model);

}  // namespace hypnos

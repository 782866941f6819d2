#pragma once

#include <nanobind/nanobind.h>

#include <optional>

#include "hypnos/model_file.hpp"
#include "hypnos/recipe.hpp"

namespace sleepreplay {

/// A network as Python holds it: never changed once it is made, so that views of its weights stay
/// what they are.
struct HeldNetwork {
  hypnos::TrainedNetwork trained;
  /// What the file that it came from says beyond it; its network is empty.
  std::optional<hypnos::Model> file = {};
};

void bind_network(nanobind::module_& module);

}  // namespace sleepreplay

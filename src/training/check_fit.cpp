#include "training/check_fit.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "base/memory.hpp"
#include "hypnos/error.hpp"
#include "hypnos/prediction.hpp"

namespace hypnos {

void check_fit(const Network& network, const Dataset& data) {
  validate(network);
  // Asked here too, so that no network is trained that cannot be measured afterwards.
  const auto classes = static_cast<double>(data.classes);
  require_memory(classes * classes * sizeof(std::uint64_t),
                 fmt::format("the confusions of {} classes", data.classes));
  check_inputs(network, data.shape.features());
  if (data.classes > network.classes()) {
    throw InputError(
        network.output == OutputKind::sigmoid
            ? fmt::format(
                  "{}: has the classes 0 to {}, but a network of one output tells two apart",
                  data.name, data.classes - 1)
            : fmt::format(
                  "{}: has the classes 0 to {}, but the network has {} outputs; relabel the "
                  "data, or take a network with an output for each class",
                  data.name, data.classes - 1, network.outputs()));
  }
}

}  // namespace hypnos

#include "training/check_fit.hpp"

#include <fmt/format.h>

#include "hypnos/error.hpp"
#include "hypnos/prediction.hpp"

namespace hypnos {

void check_fit(const Network& network, const Dataset& data) {
  validate(network);
  check_inputs(network, data.shape.features());
  if (data.classes > network.outputs()) {
    throw InputError(
        fmt::format("{} classes for a network of {} outputs", data.classes, network.outputs()));
  }
}

}  // namespace hypnos

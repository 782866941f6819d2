#include "stages/check_fit.hpp"

#include <fmt/format.h>

#include "hypnos/error.hpp"

namespace hypnos::stages {

void check_fit(const Network& network, const Dataset& data) {
  validate(network);
  if (data.shape.features() != network.inputs()) {
    throw InputError(fmt::format("images of {} pixels for a network of {} inputs",
                                 data.shape.features(), network.inputs()));
  }
  if (data.classes > network.outputs()) {
    throw InputError(
        fmt::format("{} classes for a network of {} outputs", data.classes, network.outputs()));
  }
}

}  // namespace hypnos::stages

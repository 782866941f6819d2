#pragma once

#include "hypnos/dataset.hpp"
#include "hypnos/network.hpp"

namespace hypnos {

/// @throws InputError when the network cannot take the images, or has no output for a class.
void check_fit(const Network& network, const Dataset& data);

}  // namespace hypnos

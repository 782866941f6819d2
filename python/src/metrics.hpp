#pragma once

#include <nanobind/nanobind.h>

#include "hypnos/metrics.hpp"

namespace sleepreplay {

/// The fields of sleepreplay.Metrics.
nanobind::dict described(hypnos::Metrics metrics);

}  // namespace sleepreplay

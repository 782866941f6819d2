#pragma once

#include <nanobind/nanobind.h>

#include "hypnos/tuning.hpp"

namespace sleepreplay {

/// The fields of sleepreplay.Tuned, without the text of its file.
nanobind::dict described(const hypnos::TuningResult& result);

void bind_tuning(nanobind::module_& module);

}  // namespace sleepreplay

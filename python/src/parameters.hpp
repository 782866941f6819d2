#pragma once

#include <nanobind/nanobind.h>

namespace sleepreplay {

void bind_parameters(nanobind::module_& module);

}  // namespace sleepreplay

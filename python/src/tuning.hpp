#pragma once

#include <nanobind/nanobind.h>

namespace sleepreplay {

void bind_tuning(nanobind::module_& module);

}  // namespace sleepreplay

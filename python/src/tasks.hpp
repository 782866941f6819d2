#pragma once

#include <nanobind/nanobind.h>

namespace sleepreplay {

void bind_tasks(nanobind::module_& module);

}  // namespace sleepreplay

#pragma once

#include <nanobind/nanobind.h>

namespace sleepreplay {

/// Studies, their results, and their page.
void bind_study(nanobind::module_& module);

}  // namespace sleepreplay

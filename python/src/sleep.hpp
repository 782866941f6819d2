#pragma once

#include <nanobind/nanobind.h>

namespace sleepreplay {

/// Sleep, waking, and the guard.
void bind_sleep(nanobind::module_& module);

}  // namespace sleepreplay

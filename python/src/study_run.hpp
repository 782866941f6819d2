#pragma once

#include <nanobind/nanobind.h>

namespace sleepreplay {

/// The two sides of a study whose trials are done elsewhere: the one that has the plan and the
/// database, and the one that does a trial.
void bind_study_run(nanobind::module_& module);

}  // namespace sleepreplay

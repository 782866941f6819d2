// The module sleepreplay._core: the library, as the files of sleepreplay/ call it. What users see
// is there; here are types that nobody else handles.

#include <nanobind/nanobind.h>

#include "data.hpp"
#include "distortion.hpp"
#include "errors.hpp"
#include "network.hpp"
#include "parameters.hpp"
#include "sleep.hpp"
#include "study.hpp"
#include "study_run.hpp"
#include "tasks.hpp"
#include "tuning.hpp"
#include "work.hpp"

NB_MODULE(_core, module) {  // NOLINT: a macro of nanobind's
  // Objects that live as long as the interpreter are no leaks.
  nanobind::set_leak_warnings(false);
  sleepreplay::translate_errors();
  sleepreplay::stop_work_when_python_ends();
  sleepreplay::bind_parameters(module);
  sleepreplay::bind_data(module);
  sleepreplay::bind_network(module);
  sleepreplay::bind_distortion(module);
  sleepreplay::bind_sleep(module);
  sleepreplay::bind_tuning(module);
  sleepreplay::bind_tasks(module);
  sleepreplay::bind_study(module);
  sleepreplay::bind_study_run(module);
}

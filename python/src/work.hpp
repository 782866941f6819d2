#pragma once

// Long work, called from Python.

#include <nanobind/nanobind.h>

#include <functional>

#include "hypnos/progress.hpp"

namespace sleepreplay {

/// Does the work on a thread of its own, without the interpreter's lock. The calling thread looks
/// for Ctrl-C meanwhile, and tells the listener how far the work is.
/// @param listener None, or called with (part, note) on the calling thread; False stops the work
/// @param threads of the work; 0: all cores
/// @throws what the work throws, what the listener raises, KeyboardInterrupt; the work has ended
///   then.
void run_watched(const nanobind::object& listener, unsigned threads,
                 const std::function<void(const hypnos::Execution&)>& work);

/// From now on work that is under way when the interpreter ends is stopped first.
void stop_work_when_python_ends();

}  // namespace sleepreplay

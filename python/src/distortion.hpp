#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "hypnos/distortion.hpp"

namespace sleepreplay {

/// @throws ParameterError when the text is not that of one distortion.
hypnos::Distortion one_distortion(const std::string& text);

void bind_distortion(nanobind::module_& module);

}  // namespace sleepreplay

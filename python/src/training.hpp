#pragma once

#include <map>
#include <string>

#include "hypnos/training_options.hpp"

namespace sleepreplay {

/// Training by a protocol ("protocol": "modern" or "authors") with other options put over it.
/// @throws ParameterError when there is no such protocol or option, or it does not take the value.
hypnos::TrainingOptions training_of(std::map<std::string, hypnos::OptionValue> chosen);

}  // namespace sleepreplay

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "hypnos/training_options.hpp"

namespace sleepreplay {

/// Training by a protocol ("protocol": "modern" or "authors") with other options put over it.
/// @throws ParameterError when there is no such protocol or option, or it does not take the value.
hypnos::TrainingOptions training_of(std::map<std::string, hypnos::OptionValue> chosen);

/// How networks are trained on after a sleep: by such options, for so many updates.
hypnos::TrainingOptions further_training(std::map<std::string, hypnos::OptionValue> chosen,
                                         std::uint64_t updates,
                                         std::optional<double> learning_rate);

}  // namespace sleepreplay

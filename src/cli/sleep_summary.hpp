#pragma once

// What hypnos sleep says of a sleep.

#include <string>

#include "base/json.hpp"
#include "hypnos/network.hpp"
#include "hypnos/sleep.hpp"
#include "terminal/console.hpp"

namespace hypnos::cli {

/// For a person: firing layer by layer, and what is to be noted.
Lines describe(const SleepReport& report, const SleepParameters& parameters,
               const Network& network);

Json layers_json(const SleepReport& report);

}  // namespace hypnos::cli

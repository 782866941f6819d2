#pragma once

#include "hypnos/network.hpp"
#include "hypnos/outcome.hpp"
#include "hypnos/sleep.hpp"

namespace hypnos {

/// Says in numbers what a sleep did to the network. Responses are left out: they take test data.
SleepOutcome describe_sleep(const Network& before, const Network& after, const SleepReport& report);

}  // namespace hypnos

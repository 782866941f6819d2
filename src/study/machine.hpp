#pragma once

#include <string>

namespace hypnos {

/// The processor's name and kind; results may differ between kinds in their last bits.
std::string machine();

/// The time now, UTC, ISO 8601: "2026-01-31T12:00:00Z".
std::string time_now();

}  // namespace hypnos

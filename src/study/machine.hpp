#pragma once

#include <string>

#include "hypnos/database.hpp"

namespace hypnos {

/// The processor's name and kind; results may differ between kinds in their last bits.
std::string machine();

/// The time now, UTC, ISO 8601: "2026-01-31T12:00:00Z".
std::string time_now();

/// Of a trial that this program has just done, on this machine.
/// @param program version and commit
Origin origin_now(const std::string& program);

}  // namespace hypnos

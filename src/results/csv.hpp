#pragma once

#include <span>
#include <string>

#include "hypnos/json.hpp"

namespace hypnos {

/// Writes objects of one level as CSV, one line each. The head has the names of all their members,
/// in the order in which they come up.
std::string csv_of(std::span<const Json> rows);

}  // namespace hypnos

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hypnos {

/// Subset::keep of texts like "0=0.1".
/// @throws ParameterError
std::map<std::uint32_t, double> parse_keep(const std::vector<std::string>& items);

}  // namespace hypnos

#pragma once

#include <string>

namespace hypnos {

/// Asked before large arrays are made, so that an impossible wish is refused in words.
/// @param what needs the memory: "a batch of 100 samples"
/// @throws MemoryError when this machine does not have so much.
void require_memory(double bytes, const std::string& what);

}  // namespace hypnos

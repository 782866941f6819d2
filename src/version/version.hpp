#pragma once

namespace hypnos {

/// Version and commit that the program, or the Python module, was built from.
const char* version();

}  // namespace hypnos

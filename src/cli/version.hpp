#pragma once

namespace hypnos::cli {

/// Version and commit that the program was built from.
const char* version();

}  // namespace hypnos::cli

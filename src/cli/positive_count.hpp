#pragma once

#include <CLI/CLI.hpp>

namespace hypnos::cli {

/// Of an option that says how many.
inline CLI::Range positive_count() {
  return {1, 1'000'000'000};
}

}  // namespace hypnos::cli

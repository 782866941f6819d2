#pragma once

// toml++, with its assertions as errors: what its parser takes for impossible is bad input. In a
// release it would go on with it.

#include "hypnos/error.hpp"

namespace hypnos {

[[noreturn]] inline void throw_not_toml() {
  throw InputError("is not TOML");
}

}  // namespace hypnos

#define TOML_ASSERT(condition)                  \
  do {                                          \
    if (!(condition)) hypnos::throw_not_toml(); \
  } while (false)
#pragma push_macro("NDEBUG")
#undef NDEBUG
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

#pragma once

#include <string>

#include "hypnos/error.hpp"
#include "hypnos/names.hpp"

namespace sleepreplay {

/// The enumerator of that name.
/// @throws ParameterError naming the argument and what it may be.
template <typename Enum>
Enum choice(const char* argument, const std::string& name) {
  const auto found = hypnos::named<Enum>(name);
  if (!found) {
    throw hypnos::ParameterError(argument,
                                 "is \"" + name + "\"; it must be " + hypnos::list_names<Enum>());
  }
  return *found;
}

}  // namespace sleepreplay

#pragma once

#include <string>

#include "hypnos/error.hpp"

namespace hypnos::cli {

/// What the program says of an error: one sentence, with what the user can do about it. The
/// libraries' exceptions say what is wrong; only the program knows its options.
std::string sentence(const InputError& error);

}  // namespace hypnos::cli

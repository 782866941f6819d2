#pragma once

#include <string>

#include "training/recipe.hpp"

namespace hypnos {

/// The commands that do one trial again, verb by verb: what a shell runs.
/// @param configuration see to_json(Trial)
/// @return empty when the trial was chosen in words that the verbs' options do not have
std::string script_of(const Json& configuration);

/// As one word of a shell command.
std::string shell_word(const std::string& word);

}  // namespace hypnos

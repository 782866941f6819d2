#pragma once

#include <string>

#include "training/recipe.hpp"

namespace hypnos {

/// The commands that do one trial again, verb by verb: what a shell runs.
/// @param choices in the plan's words
/// @param configuration see to_json(Trial)
/// @return empty for a method that the verbs do not have
std::string script_of(const Json& choices, const Json& seed, const Json& configuration);

/// Gives each configuration of a report the script of its first seed: it follows from the rest, and
/// so is not part of what hypnos report --json writes.
void add_scripts(Json& report);

/// As one word of a shell command.
std::string shell_word(const std::string& word);

}  // namespace hypnos

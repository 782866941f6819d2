#pragma once

#include <string>
#include <string_view>

#include "hypnos/json.hpp"

namespace hypnos {

/// The commands of a shell that do one trial again, verb by verb.
/// @param choices in the plan's words
/// @param configuration see to_json(Trial)
/// @return empty for a method that the verbs do not have
std::string script_of(const Json& choices, const Json& seed, const Json& configuration);

/// Gives each study of a report its script, and each configuration that of its first seed: they
/// follow from the rest, and so are not part of what hypnos report --json writes.
void add_scripts(Json& report);

/// The option of hypnos train that sets a training option: "--learning-rate" of "learning_rate".
std::string training_flag(std::string_view name);

}  // namespace hypnos

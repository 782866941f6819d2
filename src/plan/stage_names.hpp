#pragma once

#include <string_view>

#include "hypnos/trial.hpp"

namespace hypnos {

/// A stage in the words of plans and configurations.
struct StageName {
  const char* name;
  bool Stages::* stage;
};
inline constexpr StageName stage_names[] = {{"sleep", &Stages::sleep},
                                            {"wake", &Stages::wake},
                                            {"finetune", &Stages::finetune},
                                            {"control", &Stages::control}};

inline constexpr Stages no_stages{
    .sleep = false, .wake = false, .finetune = false, .control = false};

/// Adds the stage of that name. False when there is none.
inline bool add_stage(Stages& stages, std::string_view name) {
  for (const StageName& known : stage_names) {
    if (name != known.name) continue;
    stages.*known.stage = true;
    return true;
  }
  return false;
}

}  // namespace hypnos

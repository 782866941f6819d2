#pragma once

// Parts of recipes from JSON, as recipe_json.hpp writes them: of model files, and of configurations
// of trials. All throw an InputError or an exception of the JSON library where something is wrong.

#include <fmt/format.h>

#include <cstdint>

#include "base/json.hpp"
#include "hypnos/error.hpp"
#include "hypnos/names.hpp"
#include "hypnos/recipe.hpp"

namespace hypnos {

std::uint64_t count_from(const Json& json);
Subset subset_from(const Json& json);
DataReading reading_from(const Json& json);
TrainingOptions training_from(const Json& json);

/// The value of that name.
template <typename Enum>
Enum named_value(const Json& json) {
  const auto found = named<Enum>(json.get<std::string>());
  if (!found) throw InputError(fmt::format("{} is not {}", text_of(json), list_names<Enum>()));
  return *found;
}

}  // namespace hypnos

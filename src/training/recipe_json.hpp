#pragma once

// Recipes and their parts as JSON: in model files, in configurations of trials, and in what the
// program prints.

#include "base/json.hpp"
#include "hypnos/recipe.hpp"

namespace hypnos {

Json to_json(const Subset& subset);
Json to_json(const DataReading& reading);  ///< an empty object where nothing is chosen
Json to_json(const DataRecord& record);
Json to_json(const TrainingOptions& options);
Json to_json(const GuardNote& note);
Json to_json(const Stage& stage);
Json to_json(const std::vector<Stage>& history);

/// A value as JSON writes it: a count without a decimal point.
Json to_json(const TrainingOption& option, const OptionValue& value);

}  // namespace hypnos

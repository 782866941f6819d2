#pragma once

// How a model was made, kept in its file (metadata "hypnos.recipe", JSON), so that later verbs can
// see the same data and go on in the same way.

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/json.hpp"
#include "hypnos/model_file.hpp"
#include "hypnos/subset.hpp"
#include "hypnos/training.hpp"

namespace hypnos {

struct Recipe {
  std::string data;  ///< name or folder; empty: not known
  Subset subset;
  std::uint64_t seed = 1;
  std::optional<TrainingOptions> training;
  Json history = Json::array();  ///< one object per stage: {"stage": "train", ...}
};

/// An empty recipe for a model that was not made by Hypnos. `file` is named in errors.
Recipe read_recipe(const Model& model, const std::string& file);
void write_recipe(Model& model, const Recipe& recipe);

/// What a recipe's history says of a training.
Json training_stage(const std::string& stage, std::span<const EpochReport> reports,
                    std::uint64_t seed);

/// Each further training of a model draws anew: stage n of the history has seed + n.
std::uint64_t further_training_seed(const Recipe& recipe);

/// `recipe` for a network whose hidden layers come from another one, as its history tells.
Recipe begin_from(const Recipe& pretrained, Recipe recipe);
bool was_pretrained(const Recipe& recipe);

/// The first stage ("finetune", "sleep" ...) that changed the network after its training; empty:
/// there was none.
std::string changed_by(const Recipe& recipe);

Json to_json(const Subset& subset);
Json to_json(const TrainingOptions& options);

}  // namespace hypnos

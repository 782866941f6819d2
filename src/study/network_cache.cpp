#include "study/network_cache.hpp"

#include "base/claim.hpp"
#include "base/stopwatch.hpp"
#include "hypnos/error.hpp"
#include "hypnos/model_file.hpp"
#include "hypnos/stages.hpp"
#include "plan/trial_training.hpp"

namespace hypnos {
namespace {

TrainedNetwork read(const std::filesystem::path& file) {
  Model model = read_model(file);
  Recipe recipe = read_recipe(model, file.string());
  return {.network = std::move(model.network), .recipe = std::move(recipe)};
}

}  // namespace

std::filesystem::path NetworkCache::file_of(const Trial& trial) const {
  return folder_ / (network_id_of(trial).substr(0, 24) + ".safetensors");
}

CachedNetwork NetworkCache::get(const Trial& trial, const Dataset& subset, DataSets& data,
                                const Execution& execution, const Beginning& pretrained) const {
  const std::filesystem::path file = file_of(trial);
  if (std::filesystem::exists(file)) return {.trained = read(file)};
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) throw SystemError(folder_.string() + ": cannot be made: " + error.message());
  const Claim claim = Claim::wait(folder_ / "lock", network_id_of(trial), execution.progress);
  if (std::filesystem::exists(file)) return {.trained = read(file)};  // somebody else was faster
  Recipe recipe = recipe_of(trial);
  recipe.reading.normalization = subset.normalization;
  recipe.record = data.record(trial.data, trial.reading, trial.subset);
  TrainedNetwork trained = pretrained ? stages::begin_with(pretrained(), recipe, subset.classes)
                                      : stages::begin(recipe, subset, trial.hidden);
  const Stopwatch watch;
  stages::train(trained, subset, execution);
  const double seconds = watch.seconds();
  Model model = make_model(trained.network);
  write_recipe(model, trained.recipe);
  write_model(file, model);
  return {.trained = std::move(trained), .seconds = seconds};
}

}  // namespace hypnos

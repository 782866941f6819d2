#include "study/network_cache.hpp"

#include "base/stopwatch.hpp"
#include "hypnos/error.hpp"
#include "study/claim.hpp"
#include "study/stopped.hpp"

namespace hypnos {
namespace {

TrainedNetwork read(const std::filesystem::path& file) {
  Model model = read_model(file);
  Recipe recipe = read_recipe(model, file.string());
  return {.network = std::move(model.network), .recipe = std::move(recipe)};
}

// A process that was killed while it wrote leaves its temporary file; who has the claim may clean
// up.
void remove_remains(const std::filesystem::path& file) {
  const std::string begin = file.filename().string() + ".";
  for (const auto& entry : std::filesystem::directory_iterator(file.parent_path())) {
    if (entry.path().filename().string().starts_with(begin)) std::filesystem::remove(entry);
  }
}

TrainedNetwork begin_at_random(const Trial& trial, const Dataset& subset) {
  std::vector<std::size_t> sizes = {subset.shape.features()};
  sizes.insert(sizes.end(), trial.hidden.begin(), trial.hidden.end());
  sizes.push_back(subset.classes);
  return {.network = make_network(sizes, trial.training, trial.seed), .recipe = recipe_of(trial)};
}

TrainedNetwork begin_with(TrainedNetwork pretrained, const Trial& trial, const Dataset& subset) {
  TrainedNetwork begun{.network = std::move(pretrained.network),
                       .recipe = begin_from(pretrained.recipe, recipe_of(trial))};
  renew_output(begun.network, subset.classes, trial.training, further_training_seed(begun.recipe));
  return begun;
}

TrainedNetwork train_new(TrainedNetwork begun, const Trial& trial, const Dataset& subset,
                         const TrainingProgress& progress) {
  const Stopwatch watch;
  const std::uint64_t seed = further_training_seed(begun.recipe);
  const auto reports = train(begun.network, subset, trial.training, seed, progress);
  if (reports.size() < trial.training.epochs) throw Stopped();
  begun.recipe.history.push_back(training_stage("train", reports, seed));
  begun.seconds = watch.seconds();
  return begun;
}

}  // namespace

std::filesystem::path NetworkCache::file_of(const Trial& trial) const {
  return folder_ / (network_id_of(trial).substr(0, 24) + ".safetensors");
}

TrainedNetwork NetworkCache::get(const Trial& trial, const Dataset& subset,
                                 const TrainingProgress& progress,
                                 const Beginning& pretrained) const {
  const std::filesystem::path file = file_of(trial);
  if (std::filesystem::exists(file)) return read(file);
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) throw SystemError(folder_.string() + ": cannot be made: " + error.message());
  const Claim claim = Claim::wait(folder_ / "lock", network_id_of(trial),
                                  [&] { return !progress || progress(0, {}); });
  if (std::filesystem::exists(file)) return read(file);  // somebody else was faster
  remove_remains(file);
  TrainedNetwork begun =
      pretrained ? begin_with(pretrained(), trial, subset) : begin_at_random(trial, subset);
  TrainedNetwork trained = train_new(std::move(begun), trial, subset, progress);
  Model model = make_model(trained.network);
  write_recipe(model, trained.recipe);
  write_model(file, model);
  return trained;
}

}  // namespace hypnos

#include <set>

#include "hypnos/error.hpp"
#include "hypnos/folds.hpp"
#include "hypnos/judges.hpp"
#include "hypnos/stages.hpp"
#include "hypnos/stimulus.hpp"

namespace hypnos::stages {
namespace {

// The samples of a network that is trained with this subset, and those that judge it.
std::vector<Trainee> trainees_of(const Subset& subset, std::uint64_t seed, const Dataset& all,
                                 const TuningSubjects& choice) {
  const auto limited = [&](const Dataset& data) {
    return sample(data, choice.samples, choice.sample_seed);
  };
  Dataset data = select(all, draw(subset, all));
  if (choice.judged_by == JudgedBy::train || choice.judged_by == JudgedBy::rest) {
    Dataset judged = limited(choice.judged_by == JudgedBy::rest ? left_out(subset, all) : data);
    return {{.training = std::move(data), .evaluation = std::move(judged), .seed = seed}};
  }
  auto folds = leave_out_folds(data, choice.folds, seed);
  if (choice.judged_by == JudgedBy::holdout) folds.resize(1);
  for (Trainee& fold : folds) fold.evaluation = limited(fold.evaluation);
  return folds;
}

}  // namespace

std::vector<Subject> tuning_subjects(const TrainedNetwork& trained, const TuningSubjects& choice,
                                     const Execution& execution) {
  Recipe recipe = trained.recipe;
  const Dataset all = whole_training_half(recipe);
  if (choice.search != nullptr) check_patch(choice.search->base, all.shape);
  const bool as_it_is = choice.seeds.empty() &&
                        (choice.judged_by == JudgedBy::train || choice.judged_by == JudgedBy::rest);
  if (as_it_is) {
    Trainee own = trainees_of(recipe.subset, recipe.seed, all, choice).front();
    return {make_subject(trained.network, own.training, std::move(own.evaluation), execution)};
  }
  if (std::set(choice.seeds.begin(), choice.seeds.end()).size() < choice.seeds.size()) {
    throw ParameterError("seeds", "names one twice");
  }
  std::vector<Trainee> trainees;
  const auto add = [&](const Subset& subset, std::uint64_t seed) {
    for (Trainee& trainee : trainees_of(subset, seed, all, choice)) {
      trainees.push_back(std::move(trainee));
    }
  };
  if (choice.seeds.empty()) add(recipe.subset, recipe.seed);
  for (const std::uint64_t seed : choice.seeds) {
    Subset subset = recipe.subset;
    subset.seed = seed;
    add(subset, seed);
  }
  if (choice.search != nullptr) check_budget(*choice.search, trainees.size());
  return train_like(trained.network, recipe, trainees, execution, choice.epochs);
}

}  // namespace hypnos::stages

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

#include "data/open_data.hpp"
#include "hypnos/error.hpp"
#include "hypnos/named_data.hpp"
#include "hypnos/stages.hpp"

namespace hypnos::stages {
namespace {

std::string describe(std::size_t samples, const std::vector<std::size_t>& shape) {
  return fmt::format("{} samples of [{}]", samples, fmt::join(shape, " x "));
}

// What is there now must be what the recipe remembers, or else nothing can be said about which
// samples the network has seen.
void check_or_note(Recipe& recipe, const DataRecord& now) {
  if (recipe.record) {
    DataRecord then = *recipe.record;
    if (then.subset_sha256.empty()) {
      then.subset_samples = now.subset_samples;
      then.subset_sha256 = now.subset_sha256;
    }
    if (then != now) throw DataChangedError(recipe.data, then, now);
  }
  recipe.record = now;
}

// The training half, and which of its samples are the recipe's.
struct Training {
  OpenData data;
  std::vector<std::uint32_t> chosen;

  Dataset read_chosen() const { return read_samples(data, Split::train, &chosen); }
};

Training open_training(Recipe& recipe, OpenData data) {
  Training training{.data = std::move(data), .chosen = {}};
  training.chosen = draw(training.data, recipe.subset);
  check_or_note(recipe, record_of(training.data, training.chosen));
  Normalization& normalization = recipe.reading.normalization;
  if (normalization.standardize && normalization.means.empty()) {
    normalization = measure_normalization(training.read_chosen());
  }
  return training;
}

Training open_training(Recipe& recipe) {
  return open_training(recipe, open_data(recipe.data, recipe.reading, Split::train));
}

Dataset normalized(Dataset data, const Recipe& recipe) {
  if (recipe.reading.normalization.any()) normalize(data, recipe.reading.normalization);
  return data;
}

}  // namespace

DataChangedError::DataChangedError(const std::string& data, DataRecord then, DataRecord now)
    : InputError(fmt::format("{}: is not what the model was trained on: {} then, {} now{}", data,
                             describe(then.samples, then.shape), describe(now.samples, now.shape),
                             then.samples == now.samples && then.shape == now.shape
                                 ? ", with other numbers or labels, or in another order"
                                 : "")),
      then_(std::move(then)),
      now_(std::move(now)) {}

Dataset training_data(Recipe& recipe) {
  const Training training = open_training(recipe);
  return normalized(training.read_chosen(), recipe);
}

Dataset whole_training_half(Recipe& recipe) {
  const Training training = open_training(recipe);
  return normalized(read_samples(training.data, Split::train), recipe);
}

Dataset test_half(Recipe& recipe) {
  OpenData data = open_data(recipe.data, recipe.reading, Split::test);
  Dataset test = read_samples(data, Split::test);
  const Normalization& normalization = recipe.reading.normalization;
  if (normalization.standardize && normalization.means.empty() && !data.files.train) {
    open_training(recipe);
  } else if (data.files.train && (recipe.record || normalization.standardize)) {
    open_training(recipe, std::move(data));
  }
  return normalized(std::move(test), recipe);
}

std::optional<Dataset> test_data(Recipe& recipe) {
  try {
    if (recipe.data.empty() || !has_split(recipe.data, Split::test)) return {};
    return test_half(recipe);
  } catch (const UnknownDataError&) {
    return {};
  } catch (const MissingDataError&) {
    return {};
  }
}

Dataset left_out(const Subset& subset, const Dataset& all) {
  const std::vector<std::uint32_t> chosen = draw(subset, all);
  std::vector<std::uint32_t> every(all.size());
  std::iota(every.begin(), every.end(), 0U);
  std::vector<std::uint32_t> others;
  std::set_difference(every.begin(), every.end(), chosen.begin(), chosen.end(),
                      std::back_inserter(others));
  if (others.empty()) {
    throw InputError("the subset has all samples of " + all.name + "; it leaves none out");
  }
  return select(all, others);
}

}  // namespace hypnos::stages

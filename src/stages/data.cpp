#include <algorithm>
#include <filesystem>
#include <iterator>
#include <numeric>

#include "hypnos/error.hpp"
#include "hypnos/named_data.hpp"
#include "hypnos/stages.hpp"

namespace hypnos::stages {

Dataset training_data(const Recipe& recipe) {
  const Dataset all = load(recipe.data, Split::train);
  return select(all, draw(recipe.subset, all));
}

std::optional<Dataset> test_data(const Recipe& recipe) {
  const bool is_folder = std::filesystem::is_directory(recipe.data);
  if (recipe.data.empty() || (is_folder && !has_split(recipe.data, Split::test))) return {};
  try {
    return load(recipe.data, Split::test);
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

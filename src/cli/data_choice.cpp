#include "cli/data_choice.hpp"

#include <fmt/format.h>

#include "cli/whole_number.hpp"
#include "data/keep.hpp"
#include "hypnos/error.hpp"
#include "hypnos/named_data.hpp"

namespace hypnos::cli {

void add_data_options(CLI::App& verb, DataChoice& choice) {
  verb.add_option("--data", choice.data,
                  "a named data set (see: hypnos data list), a folder, or an .npz or .csv file")
      ->type_name("NAME|DIR|FILE");
  auto* fraction = verb.add_option("--fraction", choice.fraction,
                                   "use this part of the training set, in (0, 1], drawn by seed");
  verb.add_option("--per-class", choice.per_class, "or this many training samples of each class")
      ->check(positive_count())
      ->excludes(fraction);
  verb.add_option("--keep", choice.keep,
                  "of class CLASS keep only this part, for imbalance; may be repeated, or "
                  "separated by commas: 0=0.1,1=0.1")
      ->type_name("CLASS=FRACTION")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb.add_option("--seed", choice.seed, "seed of everything random (default: the model's, or 1)")
      ->check(whole_number(0, largest_number));
  add_data_reading_options(verb, choice.reading);
  add_normalize_option(verb, choice.reading);
  verb.add_option_function<std::string>(
          "--data-changed",
          [&choice](const std::string& answer) { choice.accept_changed = answer == "accept"; },
          "accept: go on although the data are not those that the model was trained on")
      ->check(CLI::IsMember({"accept"}));
}

void apply(const DataChoice& choice, Recipe& recipe) {
  const std::string remembered = recipe.data;
  if (!choice.data.empty()) recipe.data = lasting_name(choice.data);
  if (recipe.data.empty()) {
    throw InputError("the model does not say what data it was trained on; give --data");
  }
  if (recipe.data != remembered) recipe.reading = {};
  apply(choice.reading, recipe.reading);
  if (recipe.data != remembered || choice.accept_changed) recipe.record = {};
  if (choice.seed) recipe.seed = *choice.seed;
  const bool sized = choice.fraction || choice.per_class;
  if (sized || recipe.data != remembered) {
    recipe.subset = {
        .fraction = choice.fraction, .per_class = choice.per_class, .seed = recipe.seed};
  }
  if (!choice.keep.empty()) recipe.subset.keep = parse_keep(choice.keep);
  // The data must still be the same, but another subset is another.
  const bool same_subset = !sized && choice.keep.empty() && !choice.reading.first_label;
  if (recipe.record && !same_subset) recipe.record->subset_sha256.clear();
}

}  // namespace hypnos::cli

#include "cli/sleep_guard.hpp"

#include <fmt/format.h>

#include "cli/whole_number.hpp"
#include "hypnos/error.hpp"
#include "hypnos/named_data.hpp"
#include "terminal/watch.hpp"

namespace hypnos::cli {

void add_guard_options(CLI::App& verb, GuardChoice& choice) {
  auto* guard_option =
      verb.add_option("--guard", choice.mode,
                      "sleep only if that is shown to help, and for as long as it helps most, by "
                      "samples kept aside: holdout (of one fold, or those of --holdout) or folds")
          ->check(CLI::IsMember({"off", "holdout", "folds"}))
          ->capture_default_str();
  verb.add_option("--folds", choice.folds, "number of folds of the guard")
      ->check(whole_number(2, 1000))
      ->capture_default_str();
  verb.add_option("--holdout", choice.holdout,
                  "data to judge the model itself by: the training half, but for samples that the "
                  "model was trained on; otherwise networks are trained like it on a part of its "
                  "samples")
      ->type_name("NAME|DIR|FILE")
      ->needs(guard_option);
}

Verdict judge(const GuardChoice& choice, const TrainedNetwork& trained,
              const SleepParameters& parameters, const Dataset& data) {
  stages::Guard guard{
      .mode = choice.mode == "holdout" ? stages::GuardMode::holdout : stages::GuardMode::folds,
      .folds = choice.folds};
  Dataset holdout;
  if (!choice.holdout.empty()) {
    if (choice.mode != "holdout") throw InputError("--holdout goes with --guard holdout");
    holdout = load(choice.holdout, Split::train, trained.recipe.reading);
    if (lasting_name(choice.holdout) == trained.recipe.data) {
      holdout = stages::left_out(trained.recipe.subset, holdout);
    }
    guard.holdout = &holdout;
  }
  Watch bar("guard");
  return stages::judge(trained, data, parameters, guard, bar.with_threads(all_threads()));
}

std::string describe(const Verdict& verdict) {
  const std::string numbers = fmt::format(
      "{:+.2f} points ({:+.2f} to {:+.2f}) on {} samples kept aside, {:.1f}% right before, at {} "
      "steps",
      100 * verdict.improvement(), 100 * verdict.low, 100 * verdict.high, verdict.samples,
      100 * verdict.before, verdict.steps);
  return verdict.helps ? "sleep helps: " + numbers
                       : "not slept, for it was not shown to help: " + numbers + " at best";
}

}  // namespace hypnos::cli

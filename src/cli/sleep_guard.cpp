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
  for (const std::string& name : add_judging_options(verb, choice.judging)) {
    verb.get_option(name)->needs(guard_option);
  }
}

Judged judge(const GuardChoice& choice, const TrainedNetwork& trained,
             const SleepParameters& parameters, const Dataset& data) {
  const Judgement by = apply(choice.judging, trained.recipe);
  stages::Guard guard{
      .mode = choice.mode == "holdout" ? stages::GuardMode::holdout : stages::GuardMode::folds,
      .folds = choice.folds,
      .objective = by.objective,
      .distortions = by.distortions,
      .moment = by.moment,
      .further = by.further};
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
  const Verdict verdict =
      stages::judge(trained, data, parameters, guard, bar.with_threads(all_threads()));
  return {.verdict = verdict, .note = stages::note_of(verdict, guard)};
}

std::string describe(const Judged& judged) {
  const Verdict& verdict = judged.verdict;
  const GuardNote& note = judged.note;
  const bool right = note.objective == "accuracy";
  const double unit = right ? 100 : 1;
  std::string numbers = fmt::format(
      "{:+.{}f} {} ({:+.{}f} to {:+.{}f}) on {} samples kept aside, {:.{}f}{} before, at {} steps",
      unit * verdict.improvement(), right ? 2 : 4, right ? "points" : note.objective,
      unit * verdict.low, right ? 2 : 4, unit * verdict.high, right ? 2 : 4, verdict.samples,
      unit * verdict.before, right ? 1 : 4, right ? "% right" : "", verdict.steps);
  if (!note.distortions.empty()) numbers += ", under " + note.distortions;
  if (note.moment == "tuned") numbers += ", after training on";
  if (verdict.helps) return "sleep helps: " + numbers;
  if (verdict.low > 0 && verdict.likeness) {
    return fmt::format(
        "not slept, for no fair judges could be trained: they know {:.1f}% of their own training "
        "samples, the model {:.1f}%; they saw {}. Train longer, or give --holdout DATA, which "
        "judges "
        "the model itself",
        100 * verdict.likeness->judges, 100 * verdict.likeness->network, numbers);
  }
  return "not slept, for it was not shown to help: " + numbers + " at best";
}

}  // namespace hypnos::cli

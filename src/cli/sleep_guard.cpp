#include "cli/sleep_guard.hpp"

#include <fmt/format.h>

#include "cli/trainees.hpp"
#include "hypnos/error.hpp"
#include "hypnos/named_data.hpp"

namespace hypnos::cli {
namespace {

// Sleeps of each network by which the guard judges.
constexpr std::uint64_t guard_noise_seeds = 3;

}  // namespace

void add_guard_options(CLI::App& verb, GuardChoice& choice) {
  auto* guard_option =
      verb.add_option("--guard", choice.mode,
                      "sleep only if that is shown to help, and for as long as it helps most, by "
                      "samples kept aside: holdout (of one fold, or those of --holdout) or folds")
          ->check(CLI::IsMember({"off", "holdout", "folds"}))
          ->capture_default_str();
  verb.add_option("--folds", choice.folds, "number of folds of the guard")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  verb.add_option("--holdout", choice.holdout,
                  "data to judge the model itself by: the training half, but for samples that the "
                  "model was trained on; otherwise networks are trained like it on a part of its "
                  "samples")
      ->type_name("NAME|DIR")
      ->needs(guard_option);
}

Verdict judge(const GuardChoice& choice, const Network& network, const Recipe& recipe,
              const SleepParameters& parameters, const Dataset& training) {
  std::vector<Subject> subjects;
  if (!choice.holdout.empty()) {
    if (choice.mode != "holdout") throw InputError("--holdout goes with --guard holdout");
    Dataset kept = load(choice.holdout, Split::train);
    if (lasting_name(choice.holdout) == recipe.data) kept = left_out(recipe.subset, kept);
    subjects.push_back(make_subject(network, training, kept));
  } else {
    auto trainees = leave_out_folds(training, choice.folds, recipe.seed);
    if (choice.mode == "holdout") trainees.resize(1);
    subjects = train_like(network, recipe, trainees, all_threads());
  }
  return judge_sleep(subjects, parameters, recipe.seed, guard_noise_seeds, all_threads());
}

std::string describe(const Verdict& verdict) {
  const std::string numbers = fmt::format(
      "{:+.2f} points ({:+.2f} to {:+.2f}) on {} samples kept aside, {:.1f}% right before, at {} "
      "steps",
      100 * verdict.gain(), 100 * verdict.low, 100 * verdict.high, verdict.samples,
      100 * verdict.before, verdict.steps);
  return verdict.helps ? "sleep helps: " + numbers
                       : "not slept, for it was not shown to help: " + numbers + " at best";
}

Json to_json(const Verdict& verdict) {
  return {{"helps", verdict.helps}, {"steps", verdict.steps},    {"before", verdict.before},
          {"after", verdict.after}, {"gain", verdict.gain()},    {"low", verdict.low},
          {"high", verdict.high},   {"samples", verdict.samples}};
}

}  // namespace hypnos::cli

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/atomic_file.hpp"
#include "cli/tune_options.hpp"
#include "cli/tune_search.hpp"
#include "cli/verbs.hpp"
#include "data/files_of_call.hpp"
#include "hypnos/error.hpp"
#include "hypnos/judges.hpp"
#include "hypnos/presets.hpp"
#include "hypnos/sleep_schedule.hpp"
#include "hypnos/stages.hpp"
#include "hypnos/tuning_file.hpp"
#include "hypnos/tuning_journal.hpp"
#include "terminal/console.hpp"
#include "terminal/interrupt.hpp"
#include "training/recipe_json.hpp"
#include "version/version.hpp"

namespace hypnos::cli {
namespace {

std::vector<Subject> make_subjects(const TuneOptions& options, const TrainedNetwork& trained,
                                   const TuningOptions& tuning) {
  Watch bar("train");
  try {
    return stages::tuning_subjects(trained,
                                   {.judged_by = named_as<stages::JudgedBy>(options.on),
                                    .folds = options.folds,
                                    .seeds = options.seeds,
                                    .epochs = options.epochs,
                                    .samples = options.samples,
                                    .sample_seed = options.search_seed,
                                    .search = &tuning},
                                   bar.with_threads(options.threads));
  } catch (const Stopped&) {
    say("interrupted while networks were trained to judge by; nothing is kept of them\n");
    throw;
  }
}

TuningOptions tuning_options(const TuneOptions& options, const Recipe& recipe) {
  TuningOptions tuning;
  tuning.search = named_as<Search>(options.search);
  tuning.space.firing = named_as<Firing>(options.firing);
  tuning.space.max_steps = options.max_steps;
  const Judgement judged_by = apply(options.judging, recipe);
  if (judged_by.moment == Moment::tuned && options.on == "train") {
    throw InputError(
        "--moment tuned needs --on holdout, folds or rest: after training on, networks know their "
        "own samples");
  }
  tuning.objective = judged_by.objective;
  tuning.distortions = judged_by.distortions;
  tuning.moment = judged_by.moment;
  tuning.further = judged_by.further;
  tuning.budget = options.budget;
  tuning.noise_seeds = options.noise_seeds;
  tuning.seed = options.search_seed;
  tuning.cautious = options.cautious;
  tuning.doses = options.doses;
  if (!options.start.empty()) {
    tuning.base = load_parameters(options.start);
    tuning.start = tuning.base;
  }
  for (const std::string& setting : options.settings) {
    set_what_is_not_searched(tuning.base, setting);
  }
  return tuning;
}

// What determines the search: equal for two calls that search the same, whatever files are called.
Json description(const TuneOptions& options, const TrainedNetwork& trained,
                 const TuningOptions& tuning) {
  const Recipe& recipe = trained.recipe;
  Json search = {{"network_and_data", stages::tuning_content(trained)},
                 {"data", recipe.data},
                 {"subset", to_json(recipe.subset)},
                 {"history", to_json(recipe.history)},
                 {"on", options.on}};
  if (recipe.training) search["training"] = to_json(*recipe.training);
  if (options.epochs) search["epochs"] = *options.epochs;
  if (options.on == "folds" || options.on == "holdout") search["folds"] = options.folds;
  if (!options.seeds.empty()) search["seeds"] = options.seeds;
  search["objective"] = text_of(tuning.objective);
  search["search"] = options.search;
  if (!tuning.distortions.empty()) search["distort"] = text_of(tuning.distortions);
  if (options.cautious) search["cautious"] = true;
  if (options.doses != std::vector<double>{1}) search["doses"] = options.doses;
  if (tuning.moment == Moment::tuned) {
    search["moment"] = options.judging.moment;
    search["further"] = to_json(tuning.further);
  }
  search["firing"] = options.firing;
  search["budget"] = options.budget;
  search["noise_seeds"] = options.noise_seeds;
  search["search_seed"] = options.search_seed;
  search["max_steps"] = options.max_steps;
  search["samples"] = options.samples;
  search["base"] = to_toml(tuning.base);
  search["program"] = version();
  return search;
}

void describe(const TuneOptions& options, const TuningResult& result, double seconds) {
  const auto [low, high] =
      std::minmax_element(result.subject_score.begin(), result.subject_score.end());
  const bool tuned = options.judging.moment == "tuned";
  say("{}: {} of {} networks {} {:.4f}, {} {:.4f} ({:.4f} to {:.4f}); {} candidates, {} sleeps and "
      "{} updates in {:.0f} s\n",
      options.output, options.judging.objective, result.subject_score.size(),
      tuned ? "woken and trained on without sleep" : "before", result.before,
      tuned ? "with it" : "after", result.score, *low, *high, result.candidates, result.sleeps,
      result.updates, seconds);
  constexpr double rounding = 1e-9;
  if (result.score <= result.before + rounding) {
    say("warning: no sleep was found that helps; these parameters are only the least harmful\n");
  }
}

void run(const TuneOptions& options, const std::string& command) {
  const CatchInterrupts catching;
  check_writable(options.output);
  if (!options.tasks.empty()) return tune_sequence_of(options, command);
  if (options.model.empty()) throw InputError("name a model, or --tasks and a plan");
  const std::string journal_file = options.output + ".search";
  Model model = read_model(options.model, options.reading);
  TrainedNetwork trained{.network = std::move(model.network),
                         .recipe = read_recipe(model, options.model)};
  apply(options.data, trained.recipe);
  Files files{.read = {{"the model", options.model}, {"--start", options.start}},
              .written = {{"-o", options.output}, {"-o (its journal)", journal_file}}};
  add_data_files(files, trained.recipe.data);
  check_files_differ(files);
  const TuningOptions tuning = tuning_options(options, trained.recipe);
  const TuningNote note = {.command = command,
                           .on = options.on,
                           .search = text_of(description(options, trained, tuning)),
                           .program = version()};
  // The journal of another search is refused before networks are trained.
  TuningJournal journal(journal_file, note.search);
  const Stopwatch watch;
  const std::vector<Subject> subjects = make_subjects(options, trained, tuning);
  const TuningResult result =
      search(options, tuning, note, journal, watch,
             [&](const TuningObserver& observer, const Execution& execution) {
               return tune(subjects, tuning, observer, execution);
             });
  describe(options, result, watch.seconds());
  if (options.json) print_json(options, result, watch.seconds());
}

}  // namespace

void add_tune(CLI::App& program, const std::string& command) {
  auto options = std::make_shared<TuneOptions>();
  CLI::App* verb =
      program.add_subcommand("tune", "Search the sleep that helps most (never on test data)");
  add_tune_options(*verb, *options);
  verb->callback([options, command] { run(*options, command); });
}

}  // namespace hypnos::cli

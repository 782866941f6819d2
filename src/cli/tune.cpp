#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/atomic_file.hpp"
#include "base/stopwatch.hpp"
#include "cli/tune_options.hpp"
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

template <typename Enum>
Enum named_as(const std::string& name) {
  const auto found = named<Enum>(name);
  if (!found) throw InputError(fmt::format("{} is not {}", name, list_names<Enum>()));
  return *found;
}

std::vector<Subject> make_subjects(const TuneOptions& options, const TrainedNetwork& trained) {
  Watch bar("train");
  try {
    return stages::tuning_subjects(trained,
                                   {.judged_by = named_as<stages::JudgedBy>(options.on),
                                    .folds = options.folds,
                                    .seeds = options.seeds,
                                    .epochs = options.epochs,
                                    .samples = options.samples,
                                    .sample_seed = options.search_seed},
                                   bar.with_threads(options.threads));
  } catch (const Stopped&) {
    say("interrupted while networks were trained to judge by; nothing is kept of them\n");
    throw;
  }
}

// What the search itself determines.
constexpr std::array searched = {"dose",      "steps",       "max_rate", "increment",  "decrement",
                                 "threshold", "target_rate", "alpha",    "alpha_scale"};

void set_what_is_not_searched(SleepParameters& base, const std::string& setting) {
  const std::string key = setting.substr(0, setting.find_first_of("= "));
  if (std::find(searched.begin(), searched.end(), key) != searched.end()) {
    throw ParameterError(key,
                         "is found by the search, and cannot be set (see --start and "
                         "--max-steps)");
  }
  apply_setting(base, setting);
}

// How networks are trained on before they are judged.
TrainingOptions further_training(const TuneOptions& options, const Recipe& recipe) {
  if (options.moment_updates == 0) {
    throw InputError("--moment tuned needs --moment-updates: how long networks are trained on");
  }
  if (options.on == "train") {
    throw InputError(
        "--moment tuned needs --on holdout, folds or rest: after training on, networks know their "
        "own samples");
  }
  if (!recipe.training) throw JudgesError(NoJudges::unknown_training);
  return training_after_sleep(*recipe.training, options.moment_updates,
                              options.moment_learning_rate);
}

TuningOptions tuning_options(const TuneOptions& options, const Recipe& recipe) {
  TuningOptions tuning;
  tuning.search = named_as<Search>(options.search);
  tuning.space.firing = named_as<Firing>(options.firing);
  tuning.space.max_steps = options.max_steps;
  tuning.objective = named_as<Objective>(options.objective);
  tuning.budget = options.budget;
  tuning.noise_seeds = options.noise_seeds;
  tuning.seed = options.search_seed;
  tuning.cautious = options.cautious;
  tuning.doses = options.doses;
  tuning.moment = named_as<Moment>(options.moment);
  if (tuning.moment == Moment::tuned) {
    tuning.further = further_training(options, recipe);
  } else if (options.moment_updates > 0) {
    throw InputError("--moment-updates goes with --moment tuned");
  }
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
  search["objective"] = options.objective;
  search["search"] = options.search;
  if (options.cautious) search["cautious"] = true;
  if (options.doses != std::vector<double>{1}) search["doses"] = options.doses;
  if (tuning.moment == Moment::tuned) {
    search["moment"] = options.moment;
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

// Searches, and writes the best parameters: all of them at the end, or when it is interrupted.
TuningResult search(const TuneOptions& options, const std::vector<Subject>& subjects,
                    const TuningOptions& tuning, TuningNote note, TuningJournal& journal,
                    const Stopwatch& watch) {
  if (!journal.known().empty()) {
    say("{}: going on after {} candidates\n", journal.path().string(), journal.known().size());
  }
  const auto write = [&](const TuningResult& result) {
    note.seconds = watch.seconds();
    write_file(options.output, to_toml(result, tuning, note));
  };
  const TuningObserver observer = {
      .tried = [&](const Candidate& candidate) { journal.add(candidate); },
      .known = journal.known()};
  try {
    TuningResult result;
    {
      Watch bar("tune");
      result = tune(subjects, tuning, observer, bar.with_threads(options.threads));
    }
    write(result);
    journal.remove();
    return result;
  } catch (const TuningStopped& stopped) {
    if (stopped.so_far.candidates == 0) {
      say("interrupted before the first candidate was tried\n");
    } else {
      write(stopped.so_far);
      say("interrupted after {} candidates; the best so far is in {}; the same command goes on\n",
          stopped.so_far.candidates, options.output);
    }
    throw;
  }
}

void describe(const TuneOptions& options, const TuningResult& result, double seconds) {
  const auto [low, high] =
      std::minmax_element(result.subject_score.begin(), result.subject_score.end());
  const bool tuned = options.moment == "tuned";
  say("{}: {} of {} networks {} {:.4f}, {} {:.4f} ({:.4f} to {:.4f}); {} candidates, {} sleeps and "
      "{} updates in {:.0f} s\n",
      options.output, options.objective, result.subject_score.size(),
      tuned ? "trained on without sleep" : "before", result.before, tuned ? "with it" : "after",
      result.score, *low, *high, result.candidates, result.sleeps, result.updates, seconds);
  constexpr double rounding = 1e-9;
  if (result.score <= result.before + rounding) {
    say("warning: no sleep was found that helps; these parameters are only the least harmful\n");
  }
}

void run(const TuneOptions& options, const std::string& command) {
  const CatchInterrupts catching;
  check_writable(options.output);
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
  const std::vector<Subject> subjects = make_subjects(options, trained);
  const TuningResult result = search(options, subjects, tuning, note, journal, watch);
  describe(options, result, watch.seconds());
  if (options.json) {
    fmt::print("{}\n", text_of({{"stage", "tune"},
                                {"before", result.before},
                                {"after", result.score},
                                {"networks_before", result.subject_before},
                                {"networks_after", result.subject_score},
                                {"candidates", result.candidates},
                                {"sleeps", result.sleeps},
                                {"updates", result.updates},
                                {"seconds", watch.seconds()},
                                {"parameters", to_toml(result.parameters)},
                                {"output", options.output}}));
  }
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

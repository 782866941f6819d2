#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "base/atomic_file.hpp"
#include "cli/console.hpp"
#include "cli/data_choice.hpp"
#include "cli/interrupt.hpp"
#include "cli/positive_count.hpp"
#include "cli/presets.hpp"
#include "cli/trainees.hpp"
#include "cli/tuning_journal.hpp"
#include "cli/verbs.hpp"
#include "cli/version.hpp"
#include "hypnos/error.hpp"
#include "hypnos/named_data.hpp"
#include "hypnos/tuning.hpp"

namespace hypnos::cli {
namespace {

struct Options {
  std::string model;
  DataChoice data;
  std::string on = "folds";
  std::size_t folds = 5;
  std::vector<std::uint64_t> seeds;
  std::optional<std::uint64_t> epochs;
  std::string objective = "accuracy";
  std::string search = "cma-es";
  std::string firing = "rate";
  std::string start;
  std::vector<std::string> settings;
  std::uint64_t budget = 1000;
  std::uint64_t noise_seeds = 2;
  std::uint64_t search_seed = 1;
  std::uint64_t max_steps = 6000;
  std::size_t samples = 1000;
  unsigned threads = all_threads();
  bool cautious = false;
  std::string output;
  bool json = false;
};

// The networks that candidates are tried on. The test half of the data is never read.
std::vector<Subject> make_subjects(const Options& options, const Network& network,
                                   const Recipe& recipe) {
  const Dataset all = load(recipe.data, Split::train);
  const auto limited = [&](const Dataset& data) {
    return sample(data, options.samples, options.search_seed);
  };
  const bool by_rest = options.on == "rest";
  const bool as_it_is = (options.on == "train" || by_rest) && options.seeds.empty();
  if (as_it_is) {
    const Dataset data = select(all, draw(recipe.subset, all));
    return {make_subject(network, data, limited(by_rest ? left_out(recipe.subset, all) : data))};
  }
  std::vector<std::uint64_t> seeds = options.seeds;
  if (seeds.empty()) seeds = {recipe.seed};
  if (std::set(seeds.begin(), seeds.end()).size() < seeds.size()) {
    throw ParameterError("seeds", "names one twice");
  }
  std::vector<Trainee> trainees;
  for (const std::uint64_t seed : seeds) {
    Subset subset = recipe.subset;
    subset.seed = options.seeds.empty() ? subset.seed : seed;
    Dataset data = select(all, draw(subset, all));
    if (options.on == "train" || by_rest) {
      Dataset judged = limited(by_rest ? left_out(subset, all) : data);
      trainees.push_back(
          {.training = std::move(data), .evaluation = std::move(judged), .seed = seed});
      continue;
    }
    auto folds = leave_out_folds(data, options.folds, seed);
    if (options.on == "holdout") folds.resize(1);
    for (Trainee& fold : folds) {
      fold.evaluation = limited(fold.evaluation);
      trainees.push_back(std::move(fold));
    }
  }
  return train_like(network, recipe, trainees, options.threads, options.epochs);
}

// What the search itself determines.
constexpr std::array searched = {"steps",     "max_rate",    "increment", "decrement",
                                 "threshold", "target_rate", "alpha",     "alpha_scale"};

void set_what_is_not_searched(SleepParameters& base, const std::string& setting) {
  const std::string key = setting.substr(0, setting.find_first_of("= "));
  if (std::find(searched.begin(), searched.end(), key) != searched.end()) {
    throw ParameterError(key,
                         "is found by the search, and cannot be set (see --start and "
                         "--max-steps)");
  }
  apply_setting(base, setting);
}

TuningOptions tuning_options(const Options& options) {
  TuningOptions tuning;
  tuning.search = *named<Search>(options.search);
  tuning.space.firing = *named<Firing>(options.firing);
  tuning.space.max_steps = options.max_steps;
  tuning.objective = *named<Objective>(options.objective);
  tuning.budget = options.budget;
  tuning.noise_seeds = options.noise_seeds;
  tuning.seed = options.search_seed;
  tuning.threads = options.threads;
  tuning.cautious = options.cautious;
  if (!options.start.empty()) {
    tuning.base = read_parameters(options.start);
    tuning.start = tuning.base;
  }
  for (const std::string& setting : options.settings) {
    set_what_is_not_searched(tuning.base, setting);
  }
  return tuning;
}

// What determines the search: equal for two calls that search the same.
Json description(const Options& options, const Recipe& recipe, const SleepParameters& base) {
  Json search = {{"model", options.model},
                 {"data", recipe.data},
                 {"subset", to_json(recipe.subset)},
                 {"history", recipe.history},
                 {"on", options.on}};
  if (recipe.training) search["training"] = to_json(*recipe.training);
  if (options.epochs) search["epochs"] = *options.epochs;
  if (options.on == "folds" || options.on == "holdout") search["folds"] = options.folds;
  if (!options.seeds.empty()) search["seeds"] = options.seeds;
  search["objective"] = options.objective;
  search["search"] = options.search;
  if (options.cautious) search["cautious"] = true;
  search["firing"] = options.firing;
  search["budget"] = options.budget;
  search["noise_seeds"] = options.noise_seeds;
  search["search_seed"] = options.search_seed;
  search["max_steps"] = options.max_steps;
  search["samples"] = options.samples;
  search["base"] = to_toml(base);
  search["program"] = version();
  return search;
}

std::string toml_text(const std::string& text) {
  // JSON's strings are TOML's basic strings.
  return text_of(Json(text));
}

std::string file_text(const std::string& command, const Json& search, const TuningResult& result,
                      double seconds) {
  SleepParameters parameters = result.parameters;
  parameters.source = "hypnos tune, see [tuned]";
  std::string text = to_toml(parameters) + "\n[tuned]\n";
  text += fmt::format("command = {}\n", toml_text(command));
  for (const char* key : {"objective", "on", "search", "program"}) {
    text += fmt::format("{} = {}\n", key, text_of(search[key]));
  }
  text += fmt::format("networks = {}\n", result.subject_score.size());
  text += fmt::format("candidates = {}\n", result.candidates);
  text += fmt::format("before = {:.5f}\n", result.before);
  text += fmt::format("after = {:.5f}\n", result.score);
  text += fmt::format("seconds = {:.0f}\n", seconds);
  text += fmt::format("configuration = {}\n", toml_text(text_of(search)));
  return text;
}

void run(const Options& options, const std::string& command) {
  const CatchInterrupts catching;
  check_writable(options.output);
  const Model model = read_model(options.model);
  Recipe recipe = read_recipe(model, options.model);
  apply(options.data, recipe);
  const TuningOptions tuning = tuning_options(options);
  const Json search = description(options, recipe, tuning.base);
  const TuningJournal journal(options.output + ".search", search);
  if (!journal.known().empty()) {
    say("{}: going on after {} candidates\n", journal.path(), journal.known().size());
  }
  const Stopwatch watch;
  const std::vector<Subject> subjects = make_subjects(options, model.network, recipe);
  TuningResult result;
  {
    ProgressBar bar("tune");
    TuningObserver observer;
    observer.known = journal.known();
    observer.tried = [&](const Candidate& candidate) { journal.add(candidate); };
    observer.progress = [&](const TuningProgress& so_far) {
      bar.show(static_cast<double>(so_far.candidates_done) / static_cast<double>(so_far.candidates),
               fmt::format("{} {:.4f}, best so far {:.4f} at {} steps", options.objective,
                           so_far.before, so_far.best_score, so_far.best.steps));
      return interrupted() == 0;
    };
    result = tune(subjects, tuning, observer);
  }
  write_file(options.output, file_text(command, search, result, watch.seconds()));
  if (!result.complete) {
    say("interrupted after {} candidates; the best so far is in {}; the same command goes on\n",
        result.candidates, options.output);
    throw Interrupted();
  }
  journal.remove();
  const auto [low, high] =
      std::minmax_element(result.subject_score.begin(), result.subject_score.end());
  say("{}: {} of {} networks before {:.4f}, after {:.4f} ({:.4f} to {:.4f}); {} candidates in "
      "{:.0f} s\n",
      options.output, options.objective, subjects.size(), result.before, result.score, *low, *high,
      result.candidates, watch.seconds());
  constexpr double rounding = 1e-9;
  if (result.score <= result.before + rounding) {
    say("warning: no sleep was found that helps; these parameters are only the least harmful\n");
  }
  if (options.json) {
    fmt::print("{}\n", text_of({{"stage", "tune"},
                                {"before", result.before},
                                {"after", result.score},
                                {"networks_before", result.subject_before},
                                {"networks_after", result.subject_score},
                                {"candidates", result.candidates},
                                {"seconds", watch.seconds()},
                                {"parameters", to_toml(result.parameters)},
                                {"output", options.output}}));
  }
}

}  // namespace

void add_tune(CLI::App& program, const std::string& command) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      program.add_subcommand("tune", "Search the sleep that helps most (never on test data)");
  verb->add_option("model", options->model, "model file, as hypnos train writes it")->required();
  add_data_options(*verb, options->data);
  verb->add_option(
          "--on", options->on,
          "what judges a sleep. train: the training samples; holdout: one of the folds, "
          "by a network trained on the others; folds: each of the folds in turn; rest: the "
          "samples of the training half that the model's subset leaves out")
      ->check(CLI::IsMember({"train", "holdout", "folds", "rest"}))
      ->capture_default_str();
  verb->add_option("--folds", options->folds, "number of folds")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  verb->add_option("--seeds", options->seeds,
                   "tune for the mean over networks trained like the model with these seeds, each "
                   "on its own subset: 1,2,3")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_option("--epochs", options->epochs,
                   "of the networks that are trained here (default: as the model)")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--objective", options->objective,
                   "accuracy, balanced-accuracy, or cross-entropy (after waking)")
      ->check(CLI::IsMember({"accuracy", "balanced-accuracy", "cross-entropy"}))
      ->capture_default_str();
  verb->add_option("--search", options->search, "cma-es or random")
      ->check(CLI::IsMember({"cma-es", "random"}))
      ->capture_default_str();
  verb->add_flag(
      "--cautious", options->cautious,
      "compare by the mean over the networks less its standard error: prefers what helps "
      "all a little to what helps some much");
  verb->add_option("--firing", options->firing,
                   "what is searched for each layer: its firing rate or its threshold")
      ->check(CLI::IsMember({"rate", "threshold"}))
      ->capture_default_str();
  verb->add_option("--start", options->start, "search around these parameters")
      ->type_name("FILE|PRESET");
  verb->add_option("--set", options->settings,
                   "a parameter that is not searched: rule, patch, decay, bias; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  verb->add_option("--budget", options->budget, "sleeps, of one network each")
      ->check(positive_count())
      ->capture_default_str();
  verb->add_option("--noise-seeds", options->noise_seeds, "sleeps of each network per candidate")
      ->check(positive_count())
      ->capture_default_str();
  verb->add_option("--max-steps", options->max_steps, "longest sleep")
      ->check(positive_count())
      ->capture_default_str();
  verb->add_option("--samples", options->samples, "judge by so many samples of each network")
      ->check(positive_count())
      ->capture_default_str();
  verb->add_option("--search-seed", options->search_seed, "seed of the search")
      ->capture_default_str();
  verb->add_option("--threads", options->threads, "sleeps at a time; changes no result")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  verb->add_option("-o,--output", options->output, "parameter file to write (TOML)")->required();
  verb->add_flag("--json", options->json, "print the result as JSON");
  verb->footer(
      "\nInterrupted, it keeps what it has in OUTPUT.search, and the same command goes on.\n"
      "\nExample: for one network, by five-fold cross-validation\n"
      "  hypnos tune model.safetensors -o mine.toml\n"
      "  hypnos sleep model.safetensors --params mine.toml -o slept.safetensors\n"
      "Example: for all networks like this one, by their training samples\n"
      "  hypnos tune model.safetensors --on train --seeds 101,102,103 --budget 1500 -o all.toml");
  verb->callback([options, command] { run(*options, command); });
}

}  // namespace hypnos::cli

#include "cli/tune_options.hpp"

#include "cli/whole_number.hpp"
#include "hypnos/stages.hpp"
#include "hypnos/tuning.hpp"

namespace hypnos::cli {
namespace {

template <typename Enum>
std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const Name<Enum>& name : names_of<Enum>) names.emplace_back(name.text);
  return names;
}

// By which networks and samples a sleep is judged.
void add_subject_options(CLI::App& verb, TuneOptions& options) {
  auto* model = verb.add_option("model", options.model, "model file, as hypnos train writes it");
  add_reading_options(verb, options.reading);
  add_data_options(verb, options.data);
  auto* tasks =
      verb.add_option("--tasks", options.tasks,
                      "instead of a model: search a sleep that serves the whole sequence of tasks "
                      "of this plan (TOML), judged by images that the sequence does not train on")
          ->type_name("PLAN")
          ->excludes(model);
  verb.add_option("--plan-set", options.plan_settings,
                  "change one key of the plan; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)
      ->needs(tasks);
  verb.add_option("--on", options.on,
                  "what judges a sleep. train: the training samples; holdout: one of the folds, "
                  "by a network trained on the others; folds: each of the folds in turn; rest: the "
                  "samples of the training half that the model's subset leaves out")
      ->check(CLI::IsMember(all_names<stages::JudgedBy>()))
      ->capture_default_str();
  verb.add_option("--folds", options.folds, "number of folds")
      ->check(whole_number(2, 1000))
      ->capture_default_str();
  verb.add_option("--seeds", options.seeds,
                  "tune for the mean over networks trained like the model with these seeds, each "
                  "on its own subset: 1,2,3")
      ->check(whole_number(0, largest_number))
      ->delimiter(',')
      ->allow_extra_args(false);
  verb.add_option("--epochs", options.epochs,
                  "of the networks that are trained here (default: as the model)")
      ->check(whole_number(0, 1'000'000'000));
}

// How the search goes.
void add_search_options(CLI::App& verb, TuneOptions& options) {
  verb.add_option("--search", options.search, "cma-es or random")
      ->check(CLI::IsMember(all_names<Search>()))
      ->capture_default_str();
  verb.add_flag("--cautious", options.cautious,
                "compare by the mean over the networks less its standard error: prefers what helps "
                "all a little to what helps some much");
  verb.add_option("--firing", options.firing,
                  "what is searched for each layer: its firing rate or its threshold")
      ->check(CLI::IsMember(all_names<Firing>()))
      ->capture_default_str();
  verb.add_option("--start", options.start, "search around these parameters")
      ->type_name("FILE|PRESET");
  verb.add_option("--set", options.settings,
                  "a parameter that is not searched: rule, patch, decay, bias; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  verb.add_option("--budget", options.budget, "sleeps, of one network each")
      ->check(positive_count())
      ->capture_default_str();
  verb.add_option("--noise-seeds", options.noise_seeds, "sleeps of each network per candidate")
      ->check(positive_count())
      ->capture_default_str();
  verb.add_option("--max-steps", options.max_steps, "longest sleep")
      ->check(positive_count())
      ->capture_default_str();
  verb.add_option(
          "--doses", options.doses,
          "parts of the way from the weights before to those after sleep, each tried at each "
          "length of a sleep: 0.25,0.5,1,1.5,2")
      ->check(CLI::Range(1e-6, 1e6))
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
  verb.add_option("--samples", options.samples, "judge by so many samples of each network")
      ->check(positive_count())
      ->capture_default_str();
  verb.add_option("--search-seed", options.search_seed, "seed of the search")
      ->check(whole_number(0, largest_number))
      ->capture_default_str();
  verb.add_option("--threads", options.threads, "sleeps at a time; changes no result")
      ->check(whole_number(1, 256))
      ->capture_default_str();
}

// What the plan of a sequence says, or what means nothing to it.
void keep_from_tasks(CLI::App& verb, const std::vector<std::string>& of_judging) {
  for (const std::string& name : of_judging) {
    verb.get_option("--tasks")->excludes(verb.get_option(name));
  }
  for (const char* name :
       {"--layers", "--batch-norm", "--without-effect", "--data", "--fraction", "--per-class",
        "--keep", "--seed", "--layout", "--range", "--first-label", "--normalize", "--data-changed",
        "--on", "--folds", "--epochs", "--firing"}) {
    verb.get_option("--tasks")->excludes(verb.get_option(name));
  }
}

}  // namespace

void add_tune_options(CLI::App& verb, TuneOptions& options) {
  add_subject_options(verb, options);
  add_search_options(verb, options);
  keep_from_tasks(verb, add_judging_options(verb, options.judging));
  verb.add_option("-o,--output", options.output, "parameter file to write (TOML)")->required();
  verb.add_flag("--json", options.json, "print the result as JSON");
  verb.footer(
      "\nInterrupted, it keeps what it has in OUTPUT.search, and the same command goes on.\n"
      "\nExample: for one network, by five-fold cross-validation\n"
      "  hypnos tune model.safetensors -o mine.toml\n"
      "  hypnos sleep model.safetensors --params mine.toml -o slept.safetensors\n"
      "Example: for all networks like this one, by their training samples\n"
      "  hypnos tune model.safetensors --on train --seeds 101,102,103 --budget 1500 -o all.toml\n"
      "Example: for what networks become when they are trained on, by other images\n"
      "  hypnos tune model.safetensors --on rest --seeds 101,102 --moment tuned --moment-updates "
      "900 -o early.toml\n"
      "Example: for blurred and noisy images\n"
      "  hypnos tune model.safetensors --on train --distort clean,blur=2,gaussian-noise=0.3 -o "
      "robust.toml\n"
      "Example: one sleep for all tasks of a sequence\n"
      "  hypnos tune --tasks studies/tasks-search.toml --plan-set data=mnist --seeds 101,102,103 "
      "--budget 1650 -o tasks.toml");
}

}  // namespace hypnos::cli

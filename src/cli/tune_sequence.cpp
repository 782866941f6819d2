#include <fmt/format.h>

#include "base/json.hpp"
#include "cli/tune_search.hpp"
#include "data/files_of_call.hpp"
#include "hypnos/plan.hpp"
#include "hypnos/presets.hpp"
#include "hypnos/sequence_tuning.hpp"
#include "plan/trial_training.hpp"
#include "terminal/console.hpp"
#include "version/version.hpp"

namespace hypnos::cli {
namespace {

// Images judge that no network of the sequence trains on, for which other seeds are the default.
const std::vector<std::uint64_t> usual_seeds = {101, 102, 103};

// The one configuration of the plan whose network sleeps.
Trial sleeping_trial(const Plan& plan, const std::string& file) {
  std::optional<Trial> found;
  for (const Trial& trial : plan.trials) {
    if (!trial.sequence) throw FileError(file, "is not a plan of tasks in sequence");
    if (!sleeps(trial.sequence->learner)) continue;
    if (found && found->choices != trial.choices) {
      throw FileError(file, fmt::format("has several sequences with sleep: {} and {}; --plan-set "
                                        "chooses, as in --plan-set data=mnist",
                                        text_of(found->choices), text_of(trial.choices)));
    }
    found = trial;
  }
  if (!found) throw FileError(file, "has no sequence with sleep");
  return *found;
}

TuningOptions options_of(const TuneOptions& options, const Trial& trial) {
  TuningOptions tuning =
      sequence_search(options.start.empty() ? trial.parameters : load_parameters(options.start),
                      options.max_steps, options.doses);
  tuning.search = named_as<Search>(options.search);
  tuning.budget = options.budget;
  tuning.noise_seeds = options.noise_seeds;
  tuning.seed = options.search_seed;
  tuning.cautious = options.cautious;
  for (const std::string& setting : options.settings) {
    set_what_is_not_searched(tuning.base, setting);
  }
  return tuning;
}

}  // namespace

void tune_sequence_of(const TuneOptions& options, const std::string& command) {
  const std::string journal_file = options.output + ".search";
  check_files_differ({.read = {{"the plan", options.tasks}, {"--start", options.start}},
                      .written = {{"-o", options.output}, {"-o (its journal)", journal_file}}});
  DataSets data;
  const Trial trial = sleeping_trial(
      read_plan(options.tasks, options.plan_settings, load_parameters, data), options.tasks);
  const TuningOptions tuning = options_of(options, trial);
  const SequenceSubjects subjects = {.seeds = options.seeds.empty() ? usual_seeds : options.seeds,
                                     .samples = options.samples};
  Json configuration = to_json(trial);
  for (const char* key : {"choices", "seed", "parameters"}) configuration.erase(key);
  const TuningNote note = {.command = command,
                           .on = "images that the sequences do not train on",
                           .search = text_of({{"sequence", configuration},
                                              {"seeds", subjects.seeds},
                                              {"samples", subjects.samples},
                                              {"search", options.search},
                                              {"cautious", options.cautious},
                                              {"doses", options.doses},
                                              {"budget", options.budget},
                                              {"noise_seeds", options.noise_seeds},
                                              {"search_seed", options.search_seed},
                                              {"max_steps", options.max_steps},
                                              {"base", to_toml(tuning.base)},
                                              {"program", version()}}),
                           .program = version()};
  TuningJournal journal(journal_file, note.search);
  const Stopwatch watch;
  const Sequence sequence = sequence_of(trial);
  const TrainAndTest& both = data.get(trial.data, trial.reading);
  Dataset train = both.train;
  if (trial.reading.normalization.any()) normalize(train, trial.reading.normalization);
  const TuningResult result =
      search(options, tuning, note, journal, watch,
             [&](const TuningObserver& observer, const Execution& execution) {
               return tune_sequence(sequence, train, subjects, tuning, observer, execution);
             });
  say("{}: accuracy after the last task, {} sequences, without sleep {:.4f}, with it {:.4f}; {} "
      "candidates, {} sleeps in {:.0f} s\n",
      options.output, result.subject_score.size(), result.before, result.score, result.candidates,
      result.sleeps, watch.seconds());
  if (options.json) print_json(options, result, watch.seconds());
}

}  // namespace hypnos::cli

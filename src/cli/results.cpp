#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/json.hpp"
#include "cli/verbs.hpp"
#include "hypnos/error.hpp"
#include "hypnos/exports.hpp"
#include "hypnos/json.hpp"
#include "hypnos/trial_groups.hpp"
#include "results/caption.hpp"
#include "results/results_table.hpp"
#include "results/sequences_table.hpp"
#include "results/weights_table.hpp"
#include "terminal/console.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/watch.hpp"

namespace hypnos::cli {
namespace {

struct ResultsOptions {
  std::string database;
  std::string study;
  std::string measure = "accuracy";
  bool csv = false;
  bool json = false;
  bool brief = false;
  bool markdown = false;
  bool weights = false;
};

// Whether any of the trials has such a number.
bool applies(const TrialMeasure& measure, const std::vector<StoredTrial>& trials) {
  return std::any_of(trials.begin(), trials.end(), [&](const StoredTrial& trial) {
    const Measurement* measurement = trial.outcome.measurement_at(before_sleep);
    return measurement != nullptr && measure(trial, *measurement).has_value();
  });
}

std::vector<TrialGroup> without(const std::vector<TrialGroup>& groups,
                                const std::vector<TrialGroup>& sequences) {
  std::vector<TrialGroup> others;
  std::copy_if(groups.begin(), groups.end(), std::back_inserter(others), [&](const TrialGroup& g) {
    return std::none_of(sequences.begin(), sequences.end(),
                        [&](const TrialGroup& s) { return s.id == g.id; });
  });
  return others;
}

void print_sequences(const std::vector<TrialGroup>& groups, const ResultsOptions& options,
                     const Progress& progress) {
  if (groups.empty() || options.weights) return;
  const Columns columns = columns_of(groups);
  const auto rows = sequences_table(groups, columns, progress);
  show("{}\n\n{}", sequences_caption(groups, columns),
       options.markdown ? markdown(rows) : table(rows));
}

void print_groups(const std::vector<TrialGroup>& groups, const ResultsOptions& options,
                  const Progress& progress) {
  const Columns columns = columns_of(groups);
  const auto rows = options.weights
                        ? weights_table(groups, columns)
                        : results_table(groups, columns, find_measure(options.measure), progress);
  if (rows.empty()) {
    show("no trial has slept\n");
    return;
  }
  show("{}\n\n{}",
       options.weights ? weights_caption(groups, columns)
                       : results_caption(groups, columns, options.measure),
       options.markdown ? markdown(rows) : table(rows));
}

void check_measure(const std::string& name, const std::vector<StoredTrial>& trials) {
  const TrialMeasure measure = find_measure(name);
  if (trials.empty() || applies(measure, trials)) return;
  if (name == "cut_recall") {
    throw InputError(
        "no trial here has classes of which only a part was kept, so that there is no "
        "cut_recall");
  }
  const auto failed = [](const StoredTrial& trial) {
    return trial.outcome.measurements.empty() && !trial.outcome.failure.empty();
  };
  if (std::all_of(trials.begin(), trials.end(), failed)) {
    throw InputError(
        fmt::format("no trial here could be done; the first: {}", trials.front().outcome.failure));
  }
  throw InputError(fmt::format("no trial here has {}", name));
}

void print_table(const std::vector<StoredTrial>& trials, const std::vector<Study>& studies,
                 const ResultsOptions& options, const Progress& progress) {
  check_measure(options.measure, trials);
  for (const Study& study : studies) {
    show("{}: {} ({} of {} trials)\n\n", study.name, study.answers, study.done, study.planned);
  }
  if (trials.empty()) {
    show("no trial is done yet\n");
    return;
  }
  const bool of_one_study = studies.size() == 1 && studies.front().done == trials.size();
  if (!of_one_study) show("All {} trials of the database.\n\n", trials.size());
  const std::vector<TrialGroup> all_groups = group_by_configuration(trials);
  const std::vector<TrialGroup> sequences = sequences_in(all_groups);
  const std::vector<TrialGroup> groups =
      options.weights || sequences.empty() ? all_groups : without(all_groups, sequences);
  print_sequences(sequences, options, progress);
  if (!sequences.empty() && !groups.empty() && !options.weights) show("\n");
  if (!groups.empty()) print_groups(groups, options, progress);
  const auto failed = std::count_if(trials.begin(), trials.end(),
                                    [](const auto& t) { return !t.outcome.failure.empty(); });
  if (failed > 0) show("\n{} trials had a stage that could not be done.\n", failed);
}

// All studies, or the one that was named.
std::vector<Study> chosen_studies(const Database& database, const ResultsOptions& options) {
  if (options.study.empty()) return database.studies();
  return {database.study(options.study)};
}

void print(const ResultsOptions& options, const Progress& progress) {
  const Database database(options.database, Database::Access::read);
  const std::vector<Study> studies = chosen_studies(database, options);
  const auto trials = database.trials(
      options.study.empty() ? std::nullopt : std::optional(options.study), progress);
  if (options.csv) {
    fmt::print("{}", options.weights ? weights_csv(trials) : trials_csv(trials));
  } else if (options.json) {
    const Extent extent = options.brief ? Extent::brief : Extent::all;
    fmt::print("{}\n", text_of(results_json(studies, trials, extent)));
  } else {
    print_table(trials, studies, options, progress);
  }
}

void run(const ResultsOptions& options) {
  const CatchInterrupts catching;
  print(options, stop_when_interrupted());
}

}  // namespace

void add_results(CLI::App& program) {
  auto options = std::make_shared<ResultsOptions>();
  CLI::App* verb = program.add_subcommand("results", "Show what studies found");
  verb->add_option("database", options->database, "results database of hypnos run")->required();
  verb->add_option("--study", options->study,
                   "only the trials of the last run of this plan (its file's name, without .toml)")
      ->type_name("NAME");
  std::string names;
  for (const auto& [name, measure] : named_measures()) names += (names.empty() ? "" : ", ") + name;
  verb->add_option(
          "--measure", options->measure,
          "what the table shows: " + names +
              " (cut_recall: of the classes of which only a part was kept); accuracy@blur=2.5 is "
              "under this distortion, accuracy@distorted the mean over all that were measured")
      ->type_name("NAME")
      ->capture_default_str();
  auto* csv = verb->add_flag("--csv", options->csv, "print all trials, one line each");
  auto* json = verb->add_flag("--json", options->json, "print all trials with all that is known");
  verb->add_flag("--brief", options->brief,
                 "with --json: only what `hypnos verify` compares, a small part of it")
      ->needs(json);
  verb->add_flag("--markdown", options->markdown, "print the table as Markdown")
      ->excludes(csv)
      ->excludes(json);
  verb->add_flag("--weights", options->weights,
                 "show instead, layer by layer, what sleep did to weights and responses")
      ->excludes(json);
  csv->excludes(json);
  verb->footer(
      "\nExample:\n"
      "  hypnos results results.sqlite\n"
      "Example: for a spreadsheet\n"
      "  hypnos results results.sqlite --csv > results.csv");
  verb->callback([options] { run(*options); });
}

}  // namespace hypnos::cli

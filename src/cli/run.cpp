#include <fmt/format.h>

#include <memory>
#include <thread>

#include "base/json.hpp"
#include "cli/verbs.hpp"
#include "cli/whole_number.hpp"
#include "data/files_of_call.hpp"
#include "hypnos/presets.hpp"
#include "hypnos/study.hpp"
#include "terminal/console.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/watch.hpp"
#include "version/version.hpp"

namespace hypnos::cli {
namespace {

struct RunCall {
  std::string plan;
  std::string database;
  std::string cache;
  std::string study;
  std::vector<std::string> settings;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  bool list = false;
  bool json = false;
};

// The trials of a plan and whether they are done.
void list(const Plan& plan, const RunCall& options) {
  std::set<std::string> done;
  std::set<std::string> failed;
  if (std::filesystem::exists(options.database)) {
    const Database database(options.database, Database::Access::look);
    done = database.ids();
    failed = database.failed_ids();
  }
  std::vector<std::vector<std::string>> rows = {{"id", "seed", "done", "trial"}};
  Json trials = Json::array();
  for (const Trial& trial : plan.trials) {
    const std::string id = id_of(trial);
    const bool is_done = done.contains(id);
    const bool has_failed = failed.contains(id);
    const std::string state = has_failed ? "failed" : (is_done ? "yes" : "no");
    rows.push_back({id.substr(0, 8), std::to_string(trial.seed), state, text_of(trial.choices)});
    trials.push_back(
        {{"id", id}, {"done", is_done}, {"failed", has_failed}, {"configuration", to_json(trial)}});
  }
  if (options.json) {
    fmt::print("{}\n", text_of({{"study", plan.name}, {"trials", trials}}));
  } else {
    show("{}", table(rows));
  }
}

RunStatus run_or_say_how_far(const Plan& plan, Database& database, DataSets& data,
                             const RunCall& options) {
  try {
    Watch bar(plan.name);
    return run_study(plan, database, data,
                     options.cache.empty() ? options.database + ".cache" : options.cache,
                     {.program = version()}, bar.with_threads(options.jobs));
  } catch (const RunStopped& stopped) {
    say("interrupted: {} of {} trials of {} are in {}; the same call goes on from there\n",
        stopped.so_far.done, stopped.so_far.trials, plan.name, options.database);
    throw;
  }
}

void run(const RunCall& options) {
  const CatchInterrupts catching;
  DataSets data;
  Plan plan = read_plan(options.plan, options.settings, load_parameters, data);
  if (!options.study.empty()) plan.name = options.study;
  if (options.list) return list(plan, options);
  check_files_differ(
      {.read = {{"the plan", options.plan}}, .written = {{"--db", options.database}}});
  const Stopwatch watch;
  Database database(options.database, Database::Access::write);
  const RunStatus status = run_or_say_how_far(plan, database, data, options);
  say("{}: {} trials of {}, {} of them done now, in {:.1f} s\n", options.database, status.trials,
      plan.name, status.finished, watch.seconds());
  if (status.failed > 0) {
    say("note: {} of the {} trials had a stage that could not be done; hypnos results --csv says "
        "why\n",
        status.failed, status.trials);
  }
  if (options.json) {
    fmt::print("{}\n", text_of({{"study", plan.name},
                                {"trials", status.trials},
                                {"finished", status.finished},
                                {"failed", status.failed},
                                {"seconds", watch.seconds()},
                                {"database", options.database}}));
  }
}

}  // namespace

void add_run(CLI::App& program) {
  auto options = std::make_shared<RunCall>();
  CLI::App* verb = program.add_subcommand("run", "Run a study: the trials of a plan, over seeds");
  verb->add_option("plan", options->plan, "plan (TOML)")->required();
  verb->add_option("--db", options->database, "results database; made if it is not there")
      ->required()
      ->type_name("FILE");
  verb->add_option("--study", options->study,
                   "what the database calls the study (default: the name of the plan's file, "
                   "without .toml)")
      ->type_name("NAME");
  verb->add_option("--cache", options->cache, "folder for trained networks (default: FILE.cache)")
      ->type_name("DIR");
  verb->add_option("--jobs", options->jobs,
                   "trials at a time, one thread each (default: all cores); results do not depend "
                   "on it")
      ->check(whole_number(1, 1024));
  verb->add_option("--set", options->settings,
                   "change one key of the plan, in all its variants; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  verb->add_flag("--list", options->list, "only list the trials, and which are done");
  verb->add_flag("--json", options->json, "print the result as JSON");
  verb->footer(
      "\nA trial that is in the database is not done again. A run may be stopped at any time, and\n"
      "several may work on one database at once.\n"
      "Example:\n"
      "  hypnos run studies/quickstart.toml --db results.sqlite\n"
      "Example: a first look\n"
      "  hypnos run studies/figure1.toml --db look.sqlite --set seeds=2 --set data=mnist");
  verb->callback([options] { run(*options); });
}

}  // namespace hypnos::cli

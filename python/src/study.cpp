#include "study.hpp"

#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "hypnos/error.hpp"
#include "hypnos/exports.hpp"
#include "hypnos/plan.hpp"
#include "hypnos/presets.hpp"
#include "hypnos/study.hpp"
#include "hypnos/trial_groups.hpp"
#include "hypnos/verification.hpp"
#include "report/page.hpp"
#include "report/results_page.hpp"
#include "results/caption.hpp"
#include "results/results_table.hpp"
#include "terminal/console.hpp"
#include "version/version.hpp"
#include "work.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace sleepreplay {
namespace {

using hypnos::Database;
using hypnos::Json;

nb::dict run(const std::string& plan_file, const std::string& database_file,
             const std::vector<std::string>& settings, const std::string& study,
             const std::string& cache, unsigned threads, const nb::object& listener) {
  hypnos::RunStatus status;
  std::string name;
  run_watched(listener, threads, [&](const hypnos::Execution& execution) {
    hypnos::DataSets data;
    hypnos::Plan plan = read_plan(plan_file, settings, hypnos::load_parameters, data);
    if (!study.empty()) plan.name = study;
    name = plan.name;
    Database database(database_file, Database::Access::write);
    status = run_study(plan, database, data, cache.empty() ? database_file + ".cache" : cache,
                       {.program = hypnos::version()}, execution);
  });
  nb::dict dict;
  dict["study"] = name;
  dict["trials"] = status.trials;
  dict["done"] = status.done;
  dict["finished"] = status.finished;
  dict["failed"] = status.failed;
  return dict;
}

std::optional<std::string> chosen(const std::string& study) {
  return study.empty() ? std::nullopt : std::optional(study);
}

// All that is known of the trials: as JSON, and as CSV with one line each.
nb::tuple results(const std::string& file, const std::string& study) {
  std::string json;
  std::string csv;
  run_watched(nb::none(), 1, [&](const hypnos::Execution& execution) {
    const Database database(file, Database::Access::read);
    const auto studies = study.empty() ? database.studies() : std::vector{database.study(study)};
    const auto trials = database.trials(chosen(study), execution.progress);
    json = hypnos::text_of(hypnos::results_json(studies, trials));
    csv = trials_csv(trials);
  });
  return nb::make_tuple(json, csv);
}

std::string results_markdown(const std::string& file, const std::string& study,
                             const std::string& measure) {
  const hypnos::TrialMeasure found = hypnos::find_measure(measure);
  std::string text;
  run_watched(nb::none(), 1, [&](const hypnos::Execution& execution) {
    const Database database(file, Database::Access::read);
    const auto trials = database.trials(chosen(study), execution.progress);
    const auto groups = hypnos::group_by_configuration(trials);
    const auto columns = hypnos::columns_of(groups);
    const auto rows = results_table(groups, columns, found, execution.progress);
    text = results_caption(groups, columns, measure) + "\n\n" + hypnos::markdown(rows).text;
  });
  return text;
}

// @param trials below 0: all
std::string verify(const std::string& file, const std::string& study, std::int64_t trials,
                   std::uint64_t seed, bool cheapest, unsigned threads,
                   const nb::object& listener) {
  std::string json;
  run_watched(listener, threads, [&](const hypnos::Execution& execution) {
    const auto results = hypnos::read_claims(file, chosen(study), execution.progress.stretch(0, 0));
    if (results.trials.empty()) throw hypnos::FileError(file, "has no trials");
    hypnos::DataSets data;
    const auto places =
        choose(results,
               {.trials = trials < 0 ? std::nullopt : std::optional<std::size_t>(trials),
                .seed = seed,
                .cheapest = cheapest},
               data);
    json = hypnos::text_of(to_json(results, hypnos::verify(results, places, data, {}, execution)));
  });
  return json;
}

std::string report(const std::string& input, const std::string& study, const std::string& recording,
                   const std::string& trace, const nb::object& listener) {
  if (!hypnos::has_report()) {
    throw hypnos::InputError("sleepreplay was built without Node.js, and has no page");
  }
  std::string page;
  run_watched(listener, 1, [&](const hypnos::Execution& execution) {
    const std::string version = hypnos::version();
    Json data = hypnos::results_data({.input = input,
                                      .study = study,
                                      .recording = recording,
                                      .trace = trace,
                                      .program = version,
                                      .command = "sleepreplay.report"},
                                     execution.progress);
    page = hypnos::results_page(std::move(data), version);
  });
  return page;
}

}  // namespace

void bind_study(nb::module_& module) {
  module.def("run", &run, "plan"_a, "database"_a, "settings"_a, "study"_a, "cache"_a, "threads"_a,
             "listener"_a.none());
  module.def("results", &results, "database"_a, "study"_a);
  module.def("verify", &verify, "results"_a, "study"_a, "trials"_a, "seed"_a, "cheapest"_a,
             "threads"_a, "listener"_a.none());
  module.def("results_markdown", &results_markdown, "database"_a, "study"_a, "measure"_a);
  module.def("report", &report, "input"_a, "study"_a, "recording"_a, "trace"_a,
             "listener"_a.none());
  module.def("version", [] { return std::string(hypnos::version()); });
}

}  // namespace sleepreplay

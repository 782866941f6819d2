#include "tuning.hpp"

#include <fmt/format.h>
#include <nanobind/stl/function.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/stopwatch.hpp"
#include "choice.hpp"
#include "data.hpp"
#include "data/checksum.hpp"
#include "hypnos/stimulus.hpp"
#include "hypnos/subject.hpp"
#include "hypnos/tuning.hpp"
#include "hypnos/tuning_file.hpp"
#include "hypnos/tuning_journal.hpp"
#include "network.hpp"
#include "training.hpp"
#include "training/recipe_json.hpp"
#include "version/version.hpp"
#include "work.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace sleepreplay {
namespace {

using hypnos::Json;

// What determines a search, as Python says it.
struct Search {
  std::string search;
  std::string firing;
  std::string objective;  // name; of a callable, what it is called
  std::string distort;    // empty: samples as they are
  bool callable;
  std::string moment;
  std::uint64_t budget;
  std::uint64_t noise_seeds;
  std::uint64_t seed;
  std::uint64_t max_steps;
  std::vector<double> doses;
  bool cautious;
  std::map<std::string, hypnos::OptionValue> moment_training;
  std::uint64_t moment_updates;
  std::optional<double> moment_learning_rate;
};

hypnos::TuningOptions options_of(const Search& search, const hypnos::SleepParameters& base,
                                 const std::optional<hypnos::SleepParameters>& start) {
  hypnos::TuningOptions options;
  options.search = choice<hypnos::Search>("search", search.search);
  options.space.firing = choice<hypnos::Firing>("firing", search.firing);
  options.space.max_steps = search.max_steps;
  if (!search.callable) {
    options.objective = hypnos::read_objective(search.objective);
  }
  if (!search.distort.empty())
    options.distortions = hypnos::read_weighted_distortions(search.distort);
  options.moment = choice<hypnos::Moment>("moment", search.moment);
  options.budget = search.budget;
  options.noise_seeds = search.noise_seeds;
  options.seed = search.seed;
  options.doses = search.doses;
  options.cautious = search.cautious;
  options.base = base;
  options.start = start;
  if (options.moment == hypnos::Moment::tuned) {
    options.further = further_training(search.moment_training, search.moment_updates,
                                       search.moment_learning_rate);
  }
  return options;
}

// Networks, samples and options: equal for two calls that search the same.
std::string description(const std::vector<hypnos::Subject>& subjects, const Search& search,
                        const hypnos::TuningOptions& options) {
  std::string content;
  for (const hypnos::Subject& subject : subjects) {
    for (const hypnos::Layer& layer : subject.sleeper.network.layers) {
      content += checksum(layer.weights) + checksum(layer.biases);
    }
    const hypnos::Network& network = subject.sleeper.network;
    content += fmt::format("{} {} {}", name_of(network.output), network.dropout,
                           name_of(network.dropout_form));
    content += content_of(subject.training) + content_of(subject.evaluation);
  }
  Json text = {{"networks_and_data", hypnos::sha256(content)},
               {"objective", search.objective},
               {"distort", search.distort},
               {"search", search.search},
               {"firing", search.firing},
               {"moment", search.moment},
               {"budget", search.budget},
               {"noise_seeds", search.noise_seeds},
               {"search_seed", search.seed},
               {"max_steps", search.max_steps},
               {"doses", search.doses},
               {"cautious", search.cautious},
               {"base", to_toml(options.base)},
               {"program", hypnos::version()}};
  if (options.start) text["start"] = to_toml(*options.start);
  if (options.moment == hypnos::Moment::tuned) {
    text["further"] = hypnos::to_json(options.further);
  }
  return hypnos::text_of(text);
}

hypnos::Judge judge_of(const nb::object& callable) {
  if (callable.is_none()) return {};
  return [&callable](std::size_t subject, const hypnos::Network& network) {
    const nb::gil_scoped_acquire acquire;
    return nb::cast<double>(
        callable(subject, HeldNetwork{.trained = {.network = network, .recipe = {}}}));
  };
}

nb::tuple tune(const nb::list& given, const Search& search, const hypnos::SleepParameters& base,
               const std::optional<hypnos::SleepParameters>& start, const nb::object& judge,
               const std::string& journal_file, unsigned threads, const nb::object& listener) {
  hypnos::TuningOptions options = options_of(search, base, start);
  options.judge = judge_of(judge);
  struct Given {
    const HeldNetwork* network;
    const Data* training;
    const Data* evaluation;
  };
  std::vector<Given> all;
  for (const nb::handle one : given) {
    const auto subject = nb::cast<nb::tuple>(one);
    all.push_back({.network = nb::cast<const HeldNetwork*>(subject[0]),
                   .training = nb::cast<const Data*>(subject[1]),
                   .evaluation = nb::cast<const Data*>(subject[2])});
  }
  Searched found;
  run_watched(listener, threads, [&](const hypnos::Execution& execution) {
    constexpr double beginning = 0.01;
    std::vector<hypnos::Subject> subjects;
    for (const Given& subject : all) {
      subjects.push_back(make_subject(
          subject.network->trained.network, subject.training->dataset, subject.evaluation->dataset,
          {.threads = execution.threads, .progress = execution.progress.stretch(0, 0)}));
    }
    found = search_with_journal(
        journal_file, options,
        {.command = "sleepreplay.tune",
         .on = fmt::format("{} networks", subjects.size()),
         .search = description(subjects, search, options),
         .program = hypnos::version()},
        [&](const hypnos::TuningObserver& observer) {
          return hypnos::tune(
              subjects, options, observer,
              {.threads = execution.threads, .progress = execution.progress.stretch(beginning, 1)});
        });
  });
  return nb::make_tuple(described(found.result), found.text);
}

void check(const Search& search, std::size_t networks) {
  check_budget(options_of(search, {}, {}), networks);
}

}  // namespace

Searched search_with_journal(
    const std::string& journal_file, const hypnos::TuningOptions& options, hypnos::TuningNote note,
    const std::function<hypnos::TuningResult(const hypnos::TuningObserver&)>& search) {
  const hypnos::Stopwatch watch;
  std::unique_ptr<hypnos::TuningJournal> journal;
  hypnos::TuningObserver observer;
  if (!journal_file.empty()) {
    journal = std::make_unique<hypnos::TuningJournal>(journal_file, note.search);
    observer.tried = [&](const hypnos::Candidate& candidate) { journal->add(candidate); };
    observer.known = journal->known();
  }
  Searched found{.result = search(observer), .text = {}};
  note.seconds = watch.seconds();
  found.text = to_toml(found.result, options, note);
  if (journal) journal->remove();
  return found;
}

nb::dict described(const hypnos::TuningResult& result) {
  nb::dict dict;
  dict["parameters"] = result.parameters;
  dict["before"] = result.before;
  dict["score"] = result.score;
  dict["subject_before"] = result.subject_before;
  dict["subject_score"] = result.subject_score;
  dict["candidates"] = result.candidates;
  dict["sleeps"] = result.sleeps;
  dict["updates"] = result.updates;
  return dict;
}

void bind_tuning(nb::module_& module) {
  nb::class_<Search>(module, "Search")
      .def(
          "__init__",
          [](Search* self, std::string search, std::string firing, std::string objective,
             std::string distort, bool callable, std::string moment, std::uint64_t budget,
             std::uint64_t noise_seeds, std::uint64_t seed, std::uint64_t max_steps,
             std::vector<double> doses, bool cautious,
             std::map<std::string, hypnos::OptionValue> moment_training,
             std::uint64_t moment_updates, std::optional<double> moment_learning_rate) {
            new (self) Search{.search = std::move(search),
                              .firing = std::move(firing),
                              .objective = std::move(objective),
                              .distort = std::move(distort),
                              .callable = callable,
                              .moment = std::move(moment),
                              .budget = budget,
                              .noise_seeds = noise_seeds,
                              .seed = seed,
                              .max_steps = max_steps,
                              .doses = std::move(doses),
                              .cautious = cautious,
                              .moment_training = std::move(moment_training),
                              .moment_updates = moment_updates,
                              .moment_learning_rate = moment_learning_rate};
          },
          "search"_a, "firing"_a, "objective"_a, "distort"_a, "callable"_a, "moment"_a, "budget"_a,
          "noise_seeds"_a, "seed"_a, "max_steps"_a, "doses"_a, "cautious"_a, "moment_training"_a,
          "moment_updates"_a, "moment_learning_rate"_a.none());
  module.def(
      "objective_classes",
      [](const std::string& objective) {
        std::vector<std::uint32_t> classes;
        for (const auto& term : hypnos::read_objective(objective).terms) {
          classes.insert(classes.end(), term.classes.begin(), term.classes.end());
        }
        return classes;
      },
      "objective"_a);
  module.def("check_search", &check, "search"_a, "networks"_a);
  module.def(
      "check_patch",
      [](const hypnos::SleepParameters& base, const Data& data) {
        hypnos::check_patch(base, data.dataset.shape);
      },
      "base"_a, "data"_a);
  module.def("tune", &tune, "subjects"_a, "search"_a, "base"_a, "start"_a.none(), "judge"_a.none(),
             "journal"_a, "threads"_a, "listener"_a.none());
}

}  // namespace sleepreplay

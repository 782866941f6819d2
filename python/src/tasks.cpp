#include "tasks.hpp"

#include <fmt/format.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "choice.hpp"
#include "data.hpp"
#include "hypnos/sequence.hpp"
#include "hypnos/sequence_tuning.hpp"
#include "metrics.hpp"
#include "network.hpp"
#include "training.hpp"
#include "tuning.hpp"
#include "version/version.hpp"
#include "work.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace sleepreplay {
namespace {

using hypnos::Sequence;
using hypnos::SequenceOptions;
using Tasks = std::vector<std::vector<std::uint32_t>>;

// A sequence, in the words of a plan.
struct Words {
  Tasks tasks;
  std::string division;
  std::string learner;
  std::string task_order;
  std::optional<std::size_t> task_samples;
  std::optional<double> task_fraction;
  std::string sleep_when;
  std::string calibration;
  bool wake;
  std::size_t memory;
  std::string replay;
  double replay_fraction;
  std::optional<double> later_learning_rate;
  bool carry_momentum;
  double ewc_strength;
  std::string exemplars;
};

SequenceOptions options_of(const Words& words) {
  SequenceOptions options{
      .learner = choice<hypnos::Learner>("learner", words.learner),
      .tasks = words.tasks,
      .division = words.division,
      .order = choice<hypnos::TaskOrder>("task_order", words.task_order),
      .samples = words.task_samples,
      .fraction = words.task_fraction,
      .sleep_when = choice<hypnos::SleepWhen>("sleep_when", words.sleep_when),
      .calibration = choice<hypnos::Calibration>("calibration", words.calibration),
      .wake = words.wake,
      .memory = words.memory,
      .replay = choice<hypnos::Replay>("replay", words.replay),
      .replay_fraction = words.replay_fraction,
      .later_learning_rate = words.later_learning_rate,
      .carry_momentum = words.carry_momentum,
      .ewc_strength = words.ewc_strength,
      .exemplars = choice<hypnos::Exemplars>("exemplars", words.exemplars)};
  options = without_what_has_no_effect(options);
  validate(options);
  return options;
}

Sequence make(const Words& words, std::vector<std::size_t> hidden,
              std::map<std::string, hypnos::OptionValue> training,
              const std::optional<hypnos::SleepParameters>& parameters, std::uint64_t seed,
              std::uint64_t noise) {
  Sequence sequence{.options = options_of(words),
                    .training = training_of(std::move(training)),
                    .hidden = std::move(hidden),
                    .seed = seed,
                    .noise = noise};
  for (const std::size_t units : sequence.hidden) {
    if (units == 0) throw hypnos::ParameterError("hidden", "has a layer without units");
  }
  if (!sleeps(sequence.options.learner)) return sequence;
  if (!parameters) {
    throw hypnos::ParameterError("parameters",
                                 fmt::format("are missing; the learner {} sleeps", words.learner));
  }
  validate(*parameters, sequence.hidden.size() + 1);
  sequence.parameters = *parameters;
  return sequence;
}

// One row for each, [rows x tasks].
nb::object matrix(const std::vector<hypnos::TaskAccuracies>& rows, bool before) {
  std::vector<double> values;
  for (const auto& row : rows) {
    const std::vector<double>& of_tasks = before ? row.before : row.last();
    values.insert(values.end(), of_tasks.begin(), of_tasks.end());
  }
  const std::size_t tasks = rows.empty() ? 0 : rows.front().before.size();
  return owned(std::move(values), {rows.size(), tasks});
}

nb::object held(const hypnos::TrainedNetwork& trained) {
  return nb::cast(HeldNetwork{.trained = trained});
}

// @param callback None, or called by the thread that works; False ends the sequence
hypnos::SequenceObserver observer_of(const nb::object& callback) {
  if (callback.is_none()) return {};
  return {.step =
              [&callback](const hypnos::SequenceState& state) {
                const nb::gil_scoped_acquire acquire;
                const nb::object answer = callback(state.learned, state.slept,
                                                   state.rows.back().last(), held(state.trained));
                return !answer.is(nb::bool_(false));
              },
          .slept = {}};
}

nb::dict described(hypnos::SequenceReport report, const Tasks& tasks) {
  const hypnos::SequenceMeasures measures = measures_of(report.state.rows);
  nb::dict dict;
  dict["tasks"] = tasks;
  dict["accuracies"] = matrix(report.state.rows, false);
  dict["before"] = matrix(report.state.rows, true);
  dict["mean_accuracy"] = measures.mean_accuracy;
  dict["backward_transfer"] = measures.backward_transfer;
  dict["forgetting"] = measures.forgetting;
  dict["learning_accuracy"] = measures.learning_accuracy;
  dict["metrics"] = sleepreplay::described(std::move(report.metrics));
  dict["metrics_before"] =
      report.before ? nb::object(sleepreplay::described(std::move(*report.before))) : nb::none();
  const bool has_network = !report.state.trained.network.layers.empty();
  dict["network"] = has_network ? held(report.state.trained) : nb::none();
  dict["stored"] = report.stored;
  dict["reads_old"] = report.reads_old;
  return dict;
}

nb::dict learn(const Sequence& sequence, const Data& train, const Data& test,
               const nb::object& callback, unsigned threads, const nb::object& listener) {
  hypnos::SequenceReport report;
  Tasks tasks;
  run_watched(listener, threads, [&](const hypnos::Execution& execution) {
    for (auto& task : divide_tasks(sequence.options, train.dataset, sequence.seed)) {
      tasks.push_back(std::move(task.classes));
    }
    report = learn_sequence(sequence, train.dataset, test.dataset, observer_of(callback), nullptr,
                            execution);
  });
  return described(std::move(report), tasks);
}

// What determines a search beside the sequence and the data, as Python says it.
struct SequenceSearch {
  std::vector<std::uint64_t> seeds;
  std::size_t samples;
  std::uint64_t budget;
  std::string search;
  std::uint64_t max_steps;
  std::uint64_t noise_seeds;
  std::vector<double> doses;
  bool cautious;
  std::uint64_t seed;
};

hypnos::TuningOptions options_of(const SequenceSearch& search,
                                 const hypnos::SleepParameters& start) {
  if (search.doses.empty()) throw hypnos::ParameterError("doses", "names none");
  hypnos::TuningOptions options = sequence_search(start, search.max_steps, search.doses);
  options.search = choice<hypnos::Search>("search", search.search);
  options.budget = search.budget;
  options.noise_seeds = search.noise_seeds;
  options.seed = search.seed;
  options.cautious = search.cautious;
  return options;
}

// Equal for two calls that search the same.
std::string description(const std::string& sequence, const Data& train,
                        const SequenceSearch& search) {
  return hypnos::text_of({{"sequence", sequence},
                          {"data", content_of(train.dataset)},
                          {"seeds", search.seeds},
                          {"samples", search.samples},
                          {"search", search.search},
                          {"budget", search.budget},
                          {"max_steps", search.max_steps},
                          {"noise_seeds", search.noise_seeds},
                          {"search_seed", search.seed},
                          {"doses", search.doses},
                          {"cautious", search.cautious},
                          {"program", hypnos::version()}});
}

nb::tuple tune(const Sequence& sequence, const std::string& text_of_sequence, const Data& train,
               const SequenceSearch& search, const std::string& journal_file, unsigned threads,
               const nb::object& listener) {
  const hypnos::TuningOptions options = options_of(search, sequence.parameters);
  Searched found;
  run_watched(listener, threads, [&](const hypnos::Execution& execution) {
    found = search_with_journal(journal_file, options,
                                {.command = "sleepreplay.tasks.tune",
                                 .on = "samples that the sequences do not train on",
                                 .search = description(text_of_sequence, train, search),
                                 .program = hypnos::version()},
                                [&](const hypnos::TuningObserver& observer) {
                                  return tune_sequence(
                                      sequence, train.dataset,
                                      {.seeds = search.seeds, .samples = search.samples}, options,
                                      observer, execution);
                                });
  });
  return nb::make_tuple(sleepreplay::described(found.result), found.text);
}

}  // namespace

void bind_tasks(nb::module_& module) {
  nb::class_<Sequence>(module, "TaskSequence")
      .def(
          "__init__",
          [](Sequence* self, Tasks tasks, std::string division, std::string learner,
             std::string task_order, std::optional<std::size_t> task_samples,
             std::optional<double> task_fraction, std::string sleep_when, std::string calibration,
             bool wake, std::size_t memory, std::string replay, double replay_fraction,
             std::optional<double> later_learning_rate, bool carry_momentum, double ewc_strength,
             std::string exemplars, std::vector<std::size_t> hidden,
             std::map<std::string, hypnos::OptionValue> training,
             const std::optional<hypnos::SleepParameters>& parameters, std::uint64_t seed,
             std::uint64_t noise) {
            const Words words{.tasks = std::move(tasks),
                              .division = std::move(division),
                              .learner = std::move(learner),
                              .task_order = std::move(task_order),
                              .task_samples = task_samples,
                              .task_fraction = task_fraction,
                              .sleep_when = std::move(sleep_when),
                              .calibration = std::move(calibration),
                              .wake = wake,
                              .memory = memory,
                              .replay = std::move(replay),
                              .replay_fraction = replay_fraction,
                              .later_learning_rate = later_learning_rate,
                              .carry_momentum = carry_momentum,
                              .ewc_strength = ewc_strength,
                              .exemplars = std::move(exemplars)};
            new (self) Sequence(
                make(words, std::move(hidden), std::move(training), parameters, seed, noise));
          },
          "tasks"_a, "division"_a, "learner"_a, "task_order"_a, "task_samples"_a.none(),
          "task_fraction"_a.none(), "sleep_when"_a, "calibration"_a, "wake"_a, "memory"_a,
          "replay"_a, "replay_fraction"_a, "later_learning_rate"_a.none(), "carry_momentum"_a,
          "ewc_strength"_a, "exemplars"_a, "hidden"_a, "training"_a, "parameters"_a.none(),
          "seed"_a, "noise"_a);
  nb::class_<SequenceSearch>(module, "SequenceSearch")
      .def(
          "__init__",
          [](SequenceSearch* self, std::vector<std::uint64_t> seeds, std::size_t samples,
             std::uint64_t budget, std::string search, std::uint64_t max_steps,
             std::uint64_t noise_seeds, std::vector<double> doses, bool cautious,
             std::uint64_t seed) {
            new (self) SequenceSearch{.seeds = std::move(seeds),
                                      .samples = samples,
                                      .budget = budget,
                                      .search = std::move(search),
                                      .max_steps = max_steps,
                                      .noise_seeds = noise_seeds,
                                      .doses = std::move(doses),
                                      .cautious = cautious,
                                      .seed = seed};
          },
          "seeds"_a, "samples"_a, "budget"_a, "search"_a, "max_steps"_a, "noise_seeds"_a, "doses"_a,
          "cautious"_a, "seed"_a);
  module.def("learn_sequence", &learn, "sequence"_a, "train"_a, "test"_a, "callback"_a.none(),
             "threads"_a, "listener"_a.none());
  module.def("tune_sequence", &tune, "sequence"_a, "text"_a, "train"_a, "search"_a, "journal"_a,
             "threads"_a, "listener"_a.none());
}

}  // namespace sleepreplay

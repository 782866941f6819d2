#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/atomic_file.hpp"
#include "base/json.hpp"
#include "cli/tasks_options.hpp"
#include "cli/verbs.hpp"
#include "data/files_of_call.hpp"
#include "hypnos/data_sets.hpp"
#include "hypnos/error.hpp"
#include "hypnos/exports.hpp"
#include "hypnos/named_data.hpp"
#include "hypnos/presets.hpp"
#include "hypnos/sequence.hpp"
#include "hypnos/trial.hpp"
#include "study/sequence_files.hpp"
#include "terminal/console.hpp"
#include "terminal/interrupt.hpp"
#include "terminal/watch.hpp"

namespace hypnos::cli {
namespace {

std::set<std::uint32_t> classes_of(const Dataset& data) {
  return {data.labels.begin(), data.labels.end()};
}

void append(Dataset& data, const Dataset& more) {
  if (data.shape.features() != more.shape.features()) {
    throw InputError(fmt::format("samples of {} have {} numbers, those of {} have {}", data.name,
                                 data.shape.features(), more.name, more.shape.features()));
  }
  if (data.images.empty()) data.images = images_of(data);
  const std::vector<float> others = images_of(more);
  data.images.insert(data.images.end(), others.begin(), others.end());
  data.pixels.clear();
  data.borrowed = {};
  data.normalization = {};
  data.labels.insert(data.labels.end(), more.labels.begin(), more.labels.end());
  data.classes = std::max(data.classes, more.classes);
}

// Both halves of all tasks. Where each task has data of its own, says which classes are in which.
TrainAndTest load_all(const TasksOptions& options, const DataReading& reading, DataSets& sets,
                      SequenceOptions& sequence) {
  TrainAndTest both = sets.get(lasting_name(options.data.front()), reading);
  if (options.data.size() == 1) return both;
  std::set<std::uint32_t> known;
  for (std::size_t t = 0; t < options.data.size(); ++t) {
    const TrainAndTest& task = sets.get(lasting_name(options.data[t]), reading);
    const std::set<std::uint32_t> classes = classes_of(task.train);
    for (const std::uint32_t label : classes) {
      if (!known.insert(label).second) {
        throw InputError(
            fmt::format("class {} is in {} and in a task before it; number the classes of all "
                        "tasks through, 0 to the last one's last",
                        label, options.data[t]));
      }
    }
    sequence.tasks.emplace_back(classes.begin(), classes.end());
    if (t > 0) {
      append(both.train, task.train);
      append(both.test, task.test);
    }
  }
  both.train.classes = both.test.classes = std::max(both.train.classes, both.test.classes);
  return both;
}

// All that determines the sequence, for the file of its state.
std::string id_of(const TasksOptions& options, const DataReading& reading, DataSets& sets,
                  const Sequence& sequence) {
  Trial trial;
  for (const std::string& data : options.data) {
    const std::string name = lasting_name(data);
    trial.data += name + "\n";
    trial.data_sha256 += sets.checksum(name, reading);
  }
  trial.reading = reading;
  trial.training = sequence.training;
  trial.hidden = sequence.hidden;
  trial.parameters = sequence.parameters;
  trial.sequence = sequence.options;
  trial.seed = sequence.seed;
  return hypnos::id_of(trial);
}

std::string cells(const std::vector<double>& accuracies) {
  std::string text;
  for (const double accuracy : accuracies) text += fmt::format("  {:.3f}", accuracy);
  return text;
}

std::string list_of(const std::vector<std::uint32_t>& classes) {
  return fmt::format("{}", fmt::join(classes, ","));
}

// Rows: after each task, and after the sleep on it. Columns: the tasks.
Lines accuracy_table(const std::vector<TaskSamples>& tasks,
                     const std::vector<TaskAccuracies>& rows) {
  std::vector<std::vector<std::string>> table_rows = {{"accuracy on"}};
  for (const TaskSamples& task : tasks) table_rows[0].push_back(list_of(task.classes));
  const auto add = [&](const std::string& when, const std::vector<double>& accuracies) {
    auto& row = table_rows.emplace_back(std::vector<std::string>{when});
    for (const double accuracy : accuracies) row.push_back(fmt::format("{:.3f}", accuracy));
  };
  for (const TaskAccuracies& row : rows) {
    const std::string learned = rows.size() == 1 && tasks.size() > 1
                                    ? "all at once"
                                    : fmt::format("after task {}", row.learned);
    add(learned, row.before);
    if (!row.slept.empty()) add("  asleep", row.slept);
  }
  return table(table_rows);
}

Json json_of(const SequenceReport& report) {
  Json json = to_json(SequenceOutcome{
      .rows = report.state.rows, .stored = report.stored, .reads_old = report.reads_old});
  json["stage"] = "tasks";
  json["accuracy"] = report.metrics.accuracy;
  json["seconds"] = {{"train", report.training_seconds},
                     {"sleep", report.sleeping_seconds},
                     {"measure", report.measuring_seconds}};
  return json;
}

void write_network(const std::filesystem::path& file, const TrainedNetwork& trained) {
  Model model = make_model(trained.network);
  write_recipe(model, trained.recipe);
  write_model(file, model);
}

std::filesystem::path kept_file(const TasksOptions& options, std::size_t task, bool slept) {
  return std::filesystem::path(options.keep) /
         fmt::format("task-{}{}.safetensors", task, slept ? "-slept" : "");
}

// Keeps networks and states, and tells of each step.
class Keeper {
 public:
  Keeper(const TasksOptions& options, std::string id)
      : options_(options),
        id_(std::move(id)),
        state_file_(options.output.empty() ? "" : options.output + ".sequence") {
    if (options.keep.empty()) return;
    std::error_code error;
    std::filesystem::create_directories(options.keep, error);
    if (error) throw SystemError(options.keep + ": cannot be made: " + error.message());
  }

  std::optional<SequenceState> beginning() const {
    if (state_file_.empty() || !std::filesystem::exists(state_file_)) return std::nullopt;
    SequenceState state = read_state(state_file_, id_);
    say("{}: going on after task {}\n", state_file_.string(), state.learned);
    return state;
  }

  void step(const SequenceState& state) {
    const TaskAccuracies& row = state.rows.back();
    say("{} task {}:{}\n", row.slept.empty() ? "after" : "asleep on", row.learned,
        cells(row.last()));
    if (!options_.keep.empty()) {
      write_network(kept_file(options_, row.learned, !row.slept.empty()), state.trained);
    }
    if (state_file_.empty()) return;
    write_state(state_file_, state, id_);
    learned_ = state.learned;
  }

  void say_where_it_goes_on() const {
    if (learned_ == 0) {
      say("interrupted; nothing is kept{}\n",
          state_file_.empty() ? ": with -o the same command would go on" : "");
    } else {
      say("interrupted after task {}; the same command goes on from {}\n", learned_,
          state_file_.string());
    }
  }

  void done() const {
    std::error_code ignored;
    if (!state_file_.empty()) std::filesystem::remove(state_file_, ignored);
  }

 private:
  const TasksOptions& options_;
  std::string id_;
  std::filesystem::path state_file_;
  std::size_t learned_ = 0;  // tasks in the file that this call wrote
};

// @param tasks whose networks are kept
void check_files(const TasksOptions& options, std::size_t tasks) {
  Files files{.read = {{"--params", options.parameters}}};
  for (const std::string& data : options.data) add_data_files(files, lasting_name(data));
  if (!options.output.empty()) {
    check_writable(options.output);
    add_model_output(files, options.output);
    files.written.push_back({"-o (its state)", options.output + ".sequence"});
  }
  for (std::size_t task = 1; task <= tasks && !options.keep.empty(); ++task) {
    for (const bool slept : {false, true}) {
      files.written.push_back(
          {fmt::format("--keep (task {})", task), kept_file(options, task, slept)});
    }
  }
  check_files_differ(files);
}

void run(const TasksOptions& options) {
  const CatchInterrupts catching;
  check_files(options, 0);
  Sequence sequence{
      .options = sequence_options(options),
      .training = apply(options.training,
                        options.protocol == "authors" ? authors_protocol() : modern_protocol()),
      .hidden = options.hidden,
      .seed = options.seed};
  if (!options.parameters.empty()) sequence.parameters = load_parameters(options.parameters);
  for (const std::string& setting : options.settings) apply_setting(sequence.parameters, setting);
  if (!is_trained(sequence.options.learner) && !(options.output.empty() && options.keep.empty())) {
    throw InputError("this learner is no network; -o and --keep have nothing to write");
  }
  DataReading reading;
  apply(options.reading, reading);
  DataSets sets;
  const TrainAndTest data = load_all(options, reading, sets, sequence.options);
  const std::vector<TaskSamples> tasks = divide_tasks(sequence.options, data.train, sequence.seed);
  check_files(options, tasks.size());
  Keeper keeper(options, id_of(options, reading, sets, sequence));
  const std::optional<SequenceState> from = keeper.beginning();
  const Stopwatch watch;
  SequenceReport report;
  try {
    Watch bar("tasks");
    report = learn_sequence(sequence, data.train, data.test,
                            {.step =
                                 [&](const SequenceState& state) {
                                   bar.clear();
                                   keeper.step(state);
                                   return true;
                                 }},
                            from ? &*from : nullptr, bar.with_threads(options.training.threads));
  } catch (const Stopped&) {
    keeper.say_where_it_goes_on();
    throw;
  }
  if (!options.output.empty()) write_network(options.output, report.state.trained);
  keeper.done();
  const SequenceMeasures measures = measures_of(report.state.rows);
  if (options.json) {
    fmt::print("{}\n", text_of(json_of(report)));
    return;
  }
  show("{}\naccuracy on all test samples in the end {:.4f}",
       accuracy_table(tasks, report.state.rows), report.metrics.accuracy);
  if (measures.forgetting) {
    show("; learning accuracy {:.4f}, forgetting {:.4f}, backward transfer {:.4f}",
         measures.learning_accuracy.value_or(0), *measures.forgetting,
         measures.backward_transfer.value_or(0));
  }
  show("\n{} images of earlier tasks were stored{}; {:.1f} s\n", report.stored,
       report.reads_old ? ", and others read" : "", watch.seconds());
}

}  // namespace

void add_tasks(CLI::App& program) {
  auto options = std::make_shared<TasksOptions>();
  CLI::App* verb = program.add_subcommand(
      "tasks", "Learn classes in tasks, one after the other, and sleep in between");
  add_tasks_options(*verb, *options);
  verb->callback([options] { run(*options); });
}

}  // namespace hypnos::cli

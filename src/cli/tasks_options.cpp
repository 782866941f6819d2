#include "cli/tasks_options.hpp"

#include <algorithm>
#include <sstream>

#include "cli/tune_search.hpp"
#include "cli/whole_number.hpp"
#include "hypnos/error.hpp"

namespace hypnos::cli {
namespace {

template <typename Enum>
CLI::IsMember one_of() {
  std::vector<std::string> names;
  for (const Name<Enum>& name : names_of<Enum>) names.emplace_back(name.text);
  return CLI::IsMember(names);
}

// "0,1/2,3": tasks are separated by slashes, classes by commas.
std::vector<std::vector<std::uint32_t>> parse_tasks(const std::string& text) {
  std::vector<std::vector<std::uint32_t>> tasks;
  std::istringstream all(text);
  for (std::string task; std::getline(all, task, '/');) {
    auto& classes = tasks.emplace_back();
    std::istringstream labels(task);
    for (std::string label; std::getline(labels, label, ',');) {
      const bool is_number =
          !label.empty() && label.size() < 9 &&
          std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (!is_number) {
        throw ParameterError("tasks", "are singles, pairs, halves, or classes like 0,1/2,3/4,5");
      }
      classes.push_back(static_cast<std::uint32_t>(std::stoul(label)));
    }
  }
  return tasks;
}

void add_what_is_learned(CLI::App& verb, TasksOptions& options) {
  verb.add_option("--data", options.data,
                  "a named data set, a folder, or an .npz or .csv file. Several of them are one "
                  "task each; their classes must be numbered through")
      ->required()
      ->type_name("NAME|DIR|FILE");
  add_data_reading_options(verb, options.reading);
  verb.add_option("--tasks", options.tasks,
                  "how the classes of one data set are divided: singles, pairs, halves, or lists "
                  "like 0,1/2,3/4,5 (default: pairs)");
  verb.add_option("--order", options.order, "of the tasks; random: drawn by the seed")
      ->check(one_of<TaskOrder>())
      ->capture_default_str();
  auto* samples = verb.add_option("--task-samples", options.samples,
                                  "train on so many samples of each task, the first in the file");
  samples->check(positive_count());
  verb.add_option("--task-fraction", options.fraction,
                  "train on this part of each task, drawn by the seed")
      ->excludes(samples);
  verb.add_option("--seed", options.seed, "seed of everything random")
      ->check(whole_number(0, largest_number))
      ->capture_default_str();
}

void add_what_learns(CLI::App& verb, TasksOptions& options) {
  verb.add_option("--learner", options.learner,
                  "what learns the tasks (default: sleep where there are --params, sequential "
                  "otherwise)")
      ->check(one_of<Learner>());
  auto* parameters = verb.add_option("--params", options.parameters,
                                     "of the sleeps: a parameter file (TOML), or a preset");
  parameters->type_name("FILE|PRESET");
  verb.add_option("--set", options.settings,
                  "change one parameter of the sleeps, such as growth=0.5; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false)
      ->needs(parameters);
  verb.add_option("--sleep-when", options.sleep_when, "after each task, or at the end")
      ->check(one_of<SleepWhen>())
      ->capture_default_str();
  verb.add_option("--calibration", options.calibration,
                  "what shapes a sleep. running: the mean of all images so far, and activations by "
                  "the last task; current: the last task; all: all images of all classes so far, "
                  "which reads old ones; first: the first task")
      ->check(one_of<Calibration>())
      ->capture_default_str();
  verb.add_flag("--no-waking", options.no_waking, "sleeps are not followed by waking");
  verb.add_option("--memory", options.memory, "stored images of earlier tasks, in all")
      ->check(whole_number(0, 1'000'000'000))
      ->capture_default_str();
  verb.add_option("--replay", options.replay,
                  "balanced: each batch has as many stored images as new ones; append: they are "
                  "added to the new ones; released: --replay-fraction of all earlier images are")
      ->check(one_of<Replay>())
      ->capture_default_str();
  verb.add_option("--replay-fraction", options.replay_fraction, "part of all earlier images");
  verb.add_option("--exemplars", options.exemplars, "which images iCaRL stores")
      ->check(one_of<Exemplars>())
      ->capture_default_str();
  verb.add_option("--ewc-strength", options.ewc_strength, "lambda of ewc")->capture_default_str();
  verb.add_option("--later-learning-rate", options.later_learning_rate,
                  "of the tasks after the first (default: as of the first)")
      ->check(CLI::PositiveNumber);
  verb.add_flag("--new-momentum", options.new_momentum, "each task begins with a momentum of 0");
}

}  // namespace

SequenceOptions sequence_options(const TasksOptions& options) {
  SequenceOptions chosen{.order = named_as<TaskOrder>(options.order),
                         .samples = options.samples,
                         .fraction = options.fraction,
                         .sleep_when = named_as<SleepWhen>(options.sleep_when),
                         .calibration = named_as<Calibration>(options.calibration),
                         .wake = !options.no_waking,
                         .memory = options.memory,
                         .replay = named_as<Replay>(options.replay),
                         .replay_fraction = options.replay_fraction,
                         .later_learning_rate = options.later_learning_rate,
                         .carry_momentum = !options.new_momentum,
                         .ewc_strength = options.ewc_strength,
                         .exemplars = named_as<Exemplars>(options.exemplars)};
  const std::string learner = !options.learner.empty()     ? options.learner
                              : options.parameters.empty() ? "sequential"
                                                           : "sleep";
  chosen.learner = named_as<Learner>(learner);
  if (sleeps(chosen.learner) && options.parameters.empty()) {
    throw InputError("--learner " + learner + " needs --params: how it sleeps");
  }
  if (!sleeps(chosen.learner) && !options.parameters.empty()) {
    throw InputError("--params does not go with --learner " + learner + ", which does not sleep");
  }
  if (options.data.size() > 1) {
    if (!options.tasks.empty()) {
      throw InputError("--tasks divides one data set; several --data are one task each");
    }
  } else if (options.tasks.empty()) {
    chosen.division = "pairs";
  } else if (is_division(options.tasks)) {
    chosen.division = options.tasks;
  } else {
    chosen.tasks = parse_tasks(options.tasks);
  }
  return without_what_has_no_effect(chosen);
}

void add_tasks_options(CLI::App& verb, TasksOptions& options) {
  add_what_is_learned(verb, options);
  verb.add_option("--protocol", options.protocol,
                  "how networks are made and trained, as in hypnos train")
      ->check(CLI::IsMember({"authors", "modern"}))
      ->capture_default_str();
  verb.add_option("--hidden", options.hidden, "units of the hidden layers")
      ->check(positive_count())
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
  add_training_options(verb, options.training, true);
  add_what_learns(verb, options);
  verb.add_option("--keep", options.keep,
                  "a folder for the network after each task and after each sleep")
      ->type_name("DIR");
  verb.add_option("-o,--output", options.output, "the network in the end (safetensors)");
  verb.add_flag("--json", options.json, "print the result as JSON");
  verb.footer(
      "\nInterrupted, it keeps the state after the last task in OUTPUT.sequence, and the same\n"
      "command goes on.\n"
      "\nExample: five tasks of two digits, with a sleep after each, and nothing stored\n"
      "  hypnos tasks --data mnist --task-samples 5000 --epochs 2 --learning-rate 0.1 --params "
      "tadros2022-mnist-tasks -o slept.safetensors\n"
      "Example: the same without sleep\n"
      "  hypnos tasks --data mnist --task-samples 5000 --epochs 2 --learning-rate 0.1\n"
      "Example: one's own tasks, one folder each\n"
      "  hypnos tasks --data cats/ --data dogs/ --params mine.toml --memory 200 -o m.safetensors");
}

}  // namespace hypnos::cli

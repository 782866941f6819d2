#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/stopwatch.hpp"
#include "hypnos/error.hpp"
#include "hypnos/sequence.hpp"
#include "tasks/class_statistics.hpp"
#include "tasks/network_learner.hpp"
#include "training/check_fit.hpp"

namespace hypnos {
namespace {

// About how much work the steps are; the unit is to train with one sample once.
constexpr double forward_work = 1.0 / 3;
constexpr double sleep_work = 10;  // of a thousand steps

TaskSamples all_at_once(std::span<const TaskSamples> tasks, bool same_samples) {
  TaskSamples all;
  for (const TaskSamples& task : tasks) {
    const auto& samples = same_samples ? task.training : task.all;
    all.classes.insert(all.classes.end(), task.classes.begin(), task.classes.end());
    all.training.insert(all.training.end(), samples.begin(), samples.end());
  }
  std::sort(all.training.begin(), all.training.end());
  all.all = all.training;
  return all;
}

// What is learned one after the other.
std::vector<TaskSamples> steps_of(const SequenceOptions& options,
                                  const std::vector<TaskSamples>& tasks) {
  if (!is_joint(options.learner)) return tasks;
  return {all_at_once(tasks, options.learner == Learner::joint_same)};
}

bool sleeps_after(const Sequence& sequence, std::size_t learned, std::size_t steps) {
  const Learner learner = sequence.options.learner;
  if (learned == 0 || (!sleeps(learner) && learner != Learner::waking)) return false;
  return sequence.options.sleep_when == SleepWhen::each || learned == steps;
}

// Two stretches for each step: learning and sleeping, each with its measurement.
std::vector<double> work_of_steps(const Sequence& sequence, std::span<const TaskSamples> steps,
                                  std::size_t test_samples) {
  std::vector<double> work;
  const double judged = forward_work * static_cast<double>(test_samples);
  const TrainingOptions& training = sequence.training;
  for (std::size_t t = 0; t < steps.size(); ++t) {
    const auto samples = static_cast<double>(steps[t].training.size());
    const double shown = training.updates > 0
                             ? static_cast<double>(training.updates * training.batch_size)
                             : samples * static_cast<double>(training.epochs);
    work.push_back((is_trained(sequence.options.learner) ? shown : samples) + judged);
    const auto asleep = static_cast<double>(parameters_after(sequence.parameters, t + 1).steps);
    work.push_back(sleeps_after(sequence, t + 1, steps.size()) ? sleep_work * asleep / 1000 + judged
                                                               : 0);
  }
  return work;
}

// What is measured, after which task.
class Judging {
 public:
  Judging(std::span<const TaskSamples> tasks, const Dataset& test) : test_(test) {
    for (const TaskSamples& task : tasks) classes_.push_back(task.classes);
  }
  Metrics measure(std::span<const std::uint32_t> answers) const {
    return hypnos::measure(test_.labels, answers, test_.classes);
  }
  std::vector<double> accuracies(const Metrics& metrics) const {
    return task_accuracies(metrics, classes_);
  }

 private:
  const Dataset& test_;
  std::vector<std::vector<std::uint32_t>> classes_;
};

SequenceReport learn_in_closed_form(const Sequence& sequence, std::span<const TaskSamples> tasks,
                                    const Dataset& train, const Dataset& test,
                                    const Execution& execution) {
  const bool with_covariance = sequence.options.learner == Learner::lda;
  const Judging judging(tasks, test);
  const auto progress = execution.progress.share(tasks.size() + 1);
  const Stopwatch watch;
  SequenceReport report;
  if (with_covariance) {
    std::vector<std::vector<std::uint32_t>> samples;
    for (const TaskSamples& task : tasks) samples.push_back(task.training);
    report.ridge = choose_ridge(train, samples, progress.back());
  }
  ClassStatistics statistics(train.classes, train.shape.features(), with_covariance);
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    statistics.add(train, tasks[t].training, progress[t].stretch(0, 0.8));
    const Progress answering = progress[t].stretch(0.8, 1);
    report.metrics =
        judging.measure(report.ridge ? statistics.discriminant(test, *report.ridge, answering)
                                     : statistics.nearest_means(test, answering));
    report.state.learned = t + 1;
    report.state.rows.push_back({.learned = t + 1, .before = judging.accuracies(report.metrics)});
  }
  report.training_seconds = watch.seconds();
  return report;
}

// A state may come from a file.
void check_state(const SequenceState& state, const Dataset& train, std::size_t steps,
                 std::size_t tasks) {
  const auto fits = [&](const TaskAccuracies& row) {
    return row.learned <= tasks && row.before.size() == tasks &&
           (row.slept.empty() || row.slept.size() == tasks);
  };
  bool is_ours = state.learned <= steps && state.rows.size() == state.learned &&
                 std::all_of(state.rows.begin(), state.rows.end(), fits);
  for (const auto& of_class : state.exemplars) {
    is_ours = is_ours && std::all_of(of_class.begin(), of_class.end(),
                                     [&](std::uint32_t sample) { return sample < train.size(); });
  }
  if (!is_ours) throw InputError("the state is of another sequence");
  check_fit(state.trained.network, train);
}

void check_memory(const SequenceOptions& options, std::span<const TaskSamples> tasks) {
  std::size_t classes = 0;
  for (const TaskSamples& task : tasks) classes += task.classes.size();
  if (is_icarl(options.learner) && options.memory < classes) {
    throw ParameterError("memory",
                         fmt::format("{} images are less than one for each of {} classes, "
                                     "by which icarl answers",
                                     options.memory, classes));
  }
}

class NetworkSequence {
 public:
  NetworkSequence(const Sequence& sequence, std::span<const TaskSamples> tasks,
                  std::span<const TaskSamples> steps, const Dataset& train, const Dataset& test,
                  const SequenceObserver& observer, const SequenceState* from,
                  const Execution& execution)
      : sequence_(sequence),
        tasks_(tasks),
        steps_(steps),
        test_(test),
        observer_(observer),
        execution_(execution),
        judging_(tasks, test),
        learner_(sequence, train, steps, from) {}

  SequenceReport run() {
    plan_progress();
    SequenceState& state = learner_.state();
    bool go_on = true;
    while (go_on && (state.learned < steps_.size() || !is_slept(state))) {
      if (is_slept(state)) {
        learn();
      } else {
        sleep();
      }
      go_on = !observer_.step || observer_.step(state);
    }
    if (report_.metrics.samples == 0) report_.metrics = measure({.threads = execution_.threads});
    report_.reads_old = reads_old();
    report_.stored = learner_.stored();
    report_.state = std::move(state);
    return std::move(report_);
  }

 private:
  bool sleeps_after(std::size_t learned) const {
    return hypnos::sleeps_after(sequence_, learned, steps_.size());
  }
  bool is_slept(const SequenceState& state) const {
    return state.slept || !sleeps_after(state.learned);
  }

  void plan_progress() {
    progress_ = execution_.progress.share(work_of_steps(sequence_, steps_, test_.size()));
  }
  Execution stage(std::size_t learned, bool asleep) const {
    return {.threads = execution_.threads,
            .progress = progress_[2 * (learned - 1) + (asleep ? 1 : 0)]};
  }

  void learn() {
    SequenceState& state = learner_.state();
    const Execution execution = stage(state.learned + 1, false);
    const Stopwatch watch;
    learner_.learn({.threads = execution.threads, .progress = execution.progress.stretch(0, 0.8)});
    report_.training_seconds += watch.seconds();
    report_.metrics =
        measure({.threads = execution.threads, .progress = execution.progress.stretch(0.8, 1)});
    const std::size_t learned = steps_.size() < tasks_.size() ? tasks_.size() : state.learned;
    state.rows.push_back({.learned = learned, .before = judging_.accuracies(report_.metrics)});
  }

  void sleep() {
    SequenceState& state = learner_.state();
    const Execution execution = stage(state.learned, true);
    if (report_.metrics.samples == 0) report_.metrics = measure({.threads = execution.threads});
    const Stopwatch watch;
    const bool slept = learner_.sleep(
        observer_, {.threads = execution.threads, .progress = execution.progress.stretch(0, 0.9)});
    report_.sleeping_seconds += watch.seconds();
    state.slept = true;
    if (slept) {
      report_.before = report_.metrics;
      report_.metrics =
          measure({.threads = execution.threads, .progress = execution.progress.stretch(0.9, 1)});
      state.rows.back().slept = judging_.accuracies(report_.metrics);
    }
  }

  Metrics measure(const Execution& execution) {
    const Stopwatch watch;
    Metrics metrics = judging_.measure(learner_.answers(test_, execution));
    report_.measuring_seconds += watch.seconds();
    return metrics;
  }

  bool reads_old() const {
    const SequenceOptions& options = sequence_.options;
    if (is_joint(options.learner)) return true;
    if (!sleeps(options.learner) || tasks_.size() < 2) return false;
    return options.calibration == Calibration::all || options.calibration == Calibration::first;
  }

  const Sequence& sequence_;
  std::span<const TaskSamples> tasks_;  // that judge
  std::span<const TaskSamples> steps_;  // that are learned
  const Dataset& test_;
  const SequenceObserver& observer_;
  const Execution& execution_;
  Judging judging_;
  NetworkLearner learner_;
  std::vector<Progress> progress_;
  SequenceReport report_;
};

}  // namespace

SequenceReport learn_sequence(const Sequence& sequence, const Dataset& train, const Dataset& test,
                              const SequenceObserver& observer, const SequenceState* from,
                              const Execution& execution) {
  const SequenceOptions& options = sequence.options;
  const std::vector<TaskSamples> tasks = divide_tasks(options, train, sequence.seed);
  if (train.shape.features() != test.shape.features() || train.classes != test.classes) {
    throw InputError("the test samples are not of the same kind as the training samples");
  }
  if (!is_trained(options.learner)) {
    return learn_in_closed_form(sequence, tasks, train, test, execution);
  }
  if (sleeps(options.learner)) validate(sequence.parameters, sequence.hidden.size() + 1);
  check_memory(options, tasks);
  const std::vector<TaskSamples> steps = steps_of(options, tasks);
  if (from != nullptr) check_state(*from, train, steps.size(), tasks.size());
  return NetworkSequence(sequence, tasks, steps, train, test, observer, from, execution).run();
}

double work_of(const Sequence& sequence, const Dataset& train, const Dataset& test) {
  const auto steps =
      steps_of(sequence.options, divide_tasks(sequence.options, train, sequence.seed));
  const std::vector<double> work = work_of_steps(sequence, steps, test.size());
  return std::accumulate(work.begin(), work.end(), 0.0);
}

}  // namespace hypnos

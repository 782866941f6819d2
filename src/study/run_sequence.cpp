#include "study/run_sequence.hpp"

#include <fmt/format.h>

#include "base/claim.hpp"
#include "base/json.hpp"
#include "base/stopwatch.hpp"
#include "data/checksum.hpp"
#include "hypnos/error.hpp"
#include "hypnos/sequence.hpp"
#include "plan/trial_training.hpp"
#include "study/describe_sleep.hpp"
#include "study/network_digest.hpp"
#include "study/sequence_files.hpp"

namespace hypnos {
namespace {

// Whether the network after the first task is the same, however this learner goes on from there.
bool shares_first_network(Learner learner) {
  return learner == Learner::sleep || learner == Learner::sequential ||
         learner == Learner::waking || learner == Learner::lwf;
}

// All that determines the network after the first task and what is measured of it.
std::string first_network_id(const Trial& trial) {
  const SequenceOptions options = trial.sequence.value_or(SequenceOptions());
  SequenceOptions first;
  first.learner = Learner::sequential;
  first.tasks = options.tasks;
  first.division = options.division;
  first.order = options.order;
  first.samples = options.samples;
  first.fraction = options.fraction;
  Trial shared = trial;
  shared.sequence = first;
  return id_of(shared);
}

Dataset normalized(const Dataset& plain, const Normalization& normalization) {
  Dataset data = plain;
  if (normalization.any()) normalize(data, normalization);
  return data;
}

class SequenceRun {
 public:
  SequenceRun(const Trial& trial, DataSets& data, const NetworkCache& networks,
              const Progress& progress)
      : trial_(trial),
        sequence_(sequence_of(trial)),
        data_(data.get(trial.data, trial.reading)),
        networks_(networks),
        progress_(progress),
        own_file_(networks.folder() / (id_of(trial).substr(0, 24) + ".sequence")) {}

  Outcome run() {
    const Normalization& normalization = trial_.reading.normalization;
    if (!normalization.any()) return run(data_.train, data_.test);
    return run(normalized(data_.train, normalization), normalized(data_.test, normalization));
  }

 private:
  Outcome run(const Dataset& train, const Dataset& test) {
    for (const TaskSamples& task : divide_tasks(sequence_.options, train, trial_.seed)) {
      ++tasks_;
      outcome_.samples +=
          sequence_.options.learner == Learner::joint ? task.all.size() : task.training.size();
    }
    std::optional<SequenceState> from;
    if (is_trained(sequence_.options.learner)) from = beginning(train, test);
    try {
      found(learn_sequence(sequence_, train, test, observer(), from ? &*from : nullptr,
                           {.progress = progress_}));
    } catch (const FileError&) {
      throw;
    } catch (const MemoryError&) {
      throw;  // another machine could do it
    } catch (const InputError& error) {
      outcome_.failure = fmt::format("sequence: {}", error.what());
    }
    std::error_code ignored;
    std::filesystem::remove(own_file_, ignored);
    return std::move(outcome_);
  }

  // Where an earlier run was stopped, or after the first task; or nothing, if there is neither.
  std::optional<SequenceState> beginning(const Dataset& train, const Dataset& test) {
    if (std::filesystem::exists(own_file_)) return read_state(own_file_, id_of(trial_));
    std::error_code error;
    std::filesystem::create_directories(networks_.folder(), error);
    if (error) {
      throw SystemError(networks_.folder().string() + ": cannot be made: " + error.message());
    }
    if (!shares_first_network(sequence_.options.learner)) return std::nullopt;
    const std::string id = first_network_id(trial_);
    // Not the name of a trial's own file: a sequential trial may have this id, too, and goes on.
    const std::filesystem::path file = networks_.folder() / (id.substr(0, 24) + ".first");
    if (std::filesystem::exists(file)) return read_state(file, id);
    const Claim claim = Claim::wait(networks_.folder() / "lock", id, progress_);
    if (std::filesystem::exists(file)) return read_state(file, id);  // somebody else was faster
    Sequence first = sequence_;
    first.options.learner = Learner::sequential;
    try {
      SequenceReport report =
          learn_sequence(first, train, test, {.step = [](const SequenceState&) { return false; }},
                         nullptr, {.progress = progress_.stretch(0, 0)});
      write_state(file, report.state, id);
      outcome_.durations.push_back({"train", report.training_seconds});
      return std::move(report.state);
    } catch (const MemoryError&) {
      throw;
    } catch (const InputError&) {
      return std::nullopt;  // the sequence itself says what is wrong
    }
  }

  SequenceObserver observer() {
    SequenceObserver observer;
    observer.step = [this](const SequenceState& state) {
      if (state.learned < tasks_) write_state(own_file_, state, id_of(trial_));
      return true;
    };
    observer.slept = [this](const SequenceSleep& sleep, const Network& before,
                            const Network& after) {
      if (sleep.learned < tasks_) return;
      before_last_sleep_ = digest(before);
      outcome_.waking_factor = sleep.waking_factor;
      outcome_.sleep = describe_sleep(before, after, sleep.report);
    };
    return observer;
  }

  void found(const SequenceReport& report) {
    outcome_.sequence = {
        .rows = report.state.rows, .stored = report.stored, .reads_old = report.reads_old};
    if (report.before) {
      outcome_.measurements = {{before_sleep, *report.before}, {after_sleep, report.metrics}};
      outcome_.measurements.front().network_sha256 = before_last_sleep_;
    } else {
      outcome_.measurements = {{before_sleep, report.metrics}};
    }
    if (is_trained(sequence_.options.learner)) {
      outcome_.measurements.back().network_sha256 = digest(report.state.trained.network);
    }
    if (report.ridge) outcome_.fitted = {{"ridge", *report.ridge}};
    if (outcome_.durations.empty()) {
      outcome_.durations.push_back({is_trained(sequence_.options.learner) ? "train" : "fit", 0});
    }
    outcome_.durations.front().seconds += report.training_seconds;
    if (report.sleeping_seconds > 0) {
      outcome_.durations.push_back({"sleep", report.sleeping_seconds});
    }
    outcome_.durations.push_back({"measure", report.measuring_seconds});
  }

  const Trial& trial_;
  Sequence sequence_;
  const TrainAndTest& data_;
  const NetworkCache& networks_;
  const Progress& progress_;
  std::filesystem::path own_file_;
  std::size_t tasks_ = 0;
  std::string before_last_sleep_;  // the network's SHA-256
  Outcome outcome_;
};

}  // namespace

Outcome run_sequence(const Trial& trial, DataSets& data, const NetworkCache& networks,
                     const Progress& progress) {
  return SequenceRun(trial, data, networks, progress).run();
}

double work_of_sequence(const Trial& trial, DataSets& sets, const Progress& progress) {
  const TrainAndTest& data = sets.get(trial.data, trial.reading, progress);
  return work_of(sequence_of(trial), data.train, data.test);
}

}  // namespace hypnos

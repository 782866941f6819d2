#include "study/run_trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <functional>

#include "base/stopwatch.hpp"
#include "hypnos/attack.hpp"
#include "hypnos/error.hpp"
#include "hypnos/kernel_regression.hpp"
#include "hypnos/nearest_neighbor.hpp"
#include "hypnos/stages.hpp"
#include "plan/trial_training.hpp"
#include "study/describe_sleep.hpp"
#include "study/network_digest.hpp"
#include "study/run_sequence.hpp"

namespace hypnos {
namespace {

// Units of work: one sample in one epoch of training.
// A pass through the network without the gradient.
constexpr double forward_work = 1.0 / 3;
// A thousand steps of sleep: a guess in the middle of what parameters make of it.
constexpr double sleep_work = 10;

// To distort a test image in all the trial's ways, and to look at each.
double distorting_work(const Trial& trial) {
  double passes = 0;
  for (const Distortion& distortion : trial.distortions) passes += passes_of(distortion);
  return passes * forward_work;
}

// Before it is drawn. What is kept of single classes does not matter here.
double subset_size(const Subset& subset, const Dataset& data) {
  if (subset.per_class) return static_cast<double>(*subset.per_class * data.classes);
  return subset.fraction.value_or(1) * static_cast<double>(data.size());
}

// By a training of data with so many samples.
double samples_shown(const TrainingOptions& training, double samples) {
  if (training.updates == 0) return static_cast<double>(training.epochs) * samples;
  return static_cast<double>(training.updates) *
         std::min(static_cast<double>(training.batch_size), samples);
}

double pretraining_work(const Trial& trial, DataSets& data) {
  if (!trial.pretraining) return 0;
  const Trial first = pretraining_trial(trial);
  return samples_shown(first.training,
                       subset_size(first.subset, data.get(first.data, first.reading).train));
}

// Of methods in closed form: a matrix factorization, or distances. Measured, and rough.
double fitting_work(const Trial& trial, double samples) {
  return trial.method == Method::neural_tangent_kernel ? samples * (1 + samples * samples * 1e-6)
                                                       : samples;
}

Dataset training_subset(const Trial& trial, DataSets& data) {
  const Dataset& all = data.get(trial.data, trial.reading).train;
  Dataset subset = select(all, draw(trial.subset, all));
  const Normalization& chosen = trial.reading.normalization;
  if (chosen.any()) normalize(subset, chosen.standardize ? measure_normalization(subset) : chosen);
  return subset;
}

// The test half, normalized as the training subset is.
class TestHalf {
 public:
  TestHalf(const Dataset& plain, const Normalization& normalization) : plain_(plain) {
    if (!normalization.any()) return;
    normalized_ = plain;
    normalize(*normalized_, normalization);
  }
  const Dataset& get() const { return normalized_ ? *normalized_ : plain_; }

 private:
  const Dataset& plain_;
  std::optional<Dataset> normalized_;
};

// Cuts the progress of a trial into that of its stages, by their work.
class StageProgress {
 public:
  StageProgress(double total, const Progress& progress) : total_(total), progress_(progress) {}

  /// Of the stage that comes next.
  Execution next(double work) {
    const double begin = done_ / total_;
    done_ += work;
    return {.threads = 1, .progress = progress_.stretch(begin, done_ / total_)};
  }

 private:
  double total_;
  const Progress& progress_;
  double done_ = 0;
};

// One trial under way.
class Run {
 public:
  Run(const Trial& trial, DataSets& data, const Progress& progress)
      : trial_(trial),
        data_(data),
        subset_(training_subset(trial, data)),
        test_half_(data.get(trial.data, trial.reading).test, subset_.normalization),
        test_(test_half_.get()),
        stages_(work_of(trial, data), progress) {
    check_augmentation(trial.training.augmentation, subset_);
    check_distortions(test_, trial.distortions);
    outcome_.samples = subset_.size();
  }

  Outcome all(const NetworkCache& networks) {
    if (trial_.method == Method::network) {
      network_stages(networks);
    } else {
      attempt("fit", [&] { closed_form(); });
    }
    outcome_.durations.push_back({"measure", measuring_});
    if (analyzing_ > 0) outcome_.durations.push_back({"analyze", analyzing_});
    return std::move(outcome_);
  }

 private:
  void network_stages(const NetworkCache& networks) {
    std::optional<TrainedNetwork> trained;
    attempt("train", [&] { trained = get_trained(networks); });
    if (!trained) return;
    const auto responses = measure_at(before_sleep, trained->network, trial_.stages.sleep);
    if (trial_.stages.sleep || trial_.stages.finetune) {
      attempt(trial_.stages.sleep ? "sleep" : "finetune",
              [&] { sleep_wake_finetune(*trained, responses); });
    }
    if (trial_.stages.control) {
      attempt("control", [&] {
        train_on("control", *trained, [] {});
        measure_at(control, trained->network, false);
      });
    }
  }

  TrainedNetwork get_trained(const NetworkCache& networks) {
    const double first_work = pretraining_work(trial_, data_);
    const Execution first_stage = stages_.next(first_work);
    const Execution stage = stages_.next(training_work(trial_.training));
    const auto pretrained = [&] {
      const Trial first = pretraining_trial(trial_);
      CachedNetwork network =
          networks.get(first, training_subset(first, data_), data_, first_stage);
      if (network.seconds > 0) outcome_.durations.push_back({"pretrain", network.seconds});
      return std::move(network.trained);
    };
    CachedNetwork network =
        networks.get(trial_, subset_, data_, stage, trial_.pretraining ? pretrained : Beginning());
    if (network.seconds > 0) outcome_.durations.push_back({"train", network.seconds});
    return std::move(network.trained);
  }

  void closed_form() {
    const Stopwatch watch;
    const double work = fitting_work(trial_, static_cast<double>(subset_.size()));
    const bool kernel = trial_.method == Method::neural_tangent_kernel;
    constexpr std::size_t neighbors[] = {1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21};
    const auto answer = [&](const Dataset& asked) {
      const Execution stage = stages_.next(work);
      return kernel ? classify_by_tangent_kernel(subset_, asked, trial_.hidden.size(), stage)
                    : classify_by_nearest_neighbors(subset_, asked, neighbors, stage);
    };
    const ClosedFormAnswers found = answer(test_);
    outcome_.durations.push_back({"fit", watch.seconds()});
    outcome_.fitted = {{kernel ? "ridge" : "neighbors", found.chosen},
                       {"leave_one_out", found.leave_one_out}};
    Measurement& measurement = outcome_.measurements.emplace_back(
        Measurement{before_sleep, measure(test_.labels, found.answers, test_.classes)});
    for (const Distortion& distortion : trial_.distortions) {
      const Dataset seen = distort(test_, distortion, trial_.seed);
      measurement.distorted.push_back(
          {text_of(distortion), measure(seen.labels, answer(seen).answers, test_.classes)});
    }
  }

  double training_work(const TrainingOptions& training) const {
    return samples_shown(training, static_cast<double>(subset_.size()));
  }

  // What cannot be done with this network ends this line of stages, and not the trial.
  template <typename Work>
  void attempt(const char* stage, const Work& work) {
    try {
      work();
    } catch (const FileError&) {
      throw;  // a damaged file is nobody's result
    } catch (const MemoryError&) {
      throw;  // another machine could do it
    } catch (const InputError& error) {
      outcome_.failure += outcome_.failure.empty() ? "" : "; ";
      outcome_.failure += fmt::format("{}: {}", stage, error.what());
    }
  }

  void sleep_wake_finetune(TrainedNetwork trained, const std::vector<ResponseSummary>& before) {
    if (trial_.stages.sleep) {
      outcome_.sleep = put_to_sleep(trained);
      const auto after = measure_at(after_sleep, trained.network, true);
      for (std::size_t l = 0; outcome_.sleep && l < after.size(); ++l) {
        outcome_.sleep->responses.push_back({.before = before.at(l), .after = after[l]});
      }
    }
    if (trial_.stages.wake) outcome_.waking_factor = wake(trained);
    if (!trial_.stages.finetune) return;
    train_on("finetune", trained, [&] {
      if (trial_.stages.sleep) put_to_sleep(trained);
      if (trial_.stages.wake) wake(trained);
    });
    measure_at(after_finetuning, trained.network, false);
  }

  double wake(TrainedNetwork& trained) {
    const Stopwatch watch;
    const double factor = stages::wake(trained, subset_, stages_.next(0));
    add_duration("wake", watch.seconds());
    return factor;
  }

  SleepOutcome put_to_sleep(TrainedNetwork& trained) {
    const Stopwatch watch;
    const Network before = trained.network;
    const auto thousands = static_cast<double>(trial_.parameters.steps) / 1000;
    const stages::SleepResult slept = stages::sleep(
        trained, &subset_, {.parameters = trial_.parameters}, stages_.next(sleep_work * thousands));
    add_duration("sleep", watch.seconds());
    const Stopwatch analysis;
    SleepOutcome outcome = describe_sleep(before, trained.network, slept.report);
    analyzing_ += analysis.seconds();
    return outcome;
  }

  // @param between what is done where the network would sleep again
  void train_on(const std::string& stage, TrainedNetwork& trained,
                const std::function<void()>& between) {
    for (std::size_t t = 0; t < trial_.further.size(); ++t) {
      if (t > 0) between();
      const Stopwatch watch;
      const TrainingOptions& options = trial_.further[t];
      stages::finetune(trained, subset_, options, stages_.next(training_work(options)));
      add_duration(stage, watch.seconds());
    }
  }

  void add_duration(const std::string& what, double seconds) {
    for (Duration& duration : outcome_.durations) {
      if (duration.what == what) {
        duration.seconds += seconds;
        return;
      }
    }
    outcome_.durations.push_back({what, seconds});
  }

  // The responses of the units, if they are asked for.
  std::vector<ResponseSummary> measure_at(const char* moment, const Network& network,
                                          bool with_responses) {
    const Stopwatch watch;
    const auto samples = static_cast<double>(test_.size());
    const Execution stage = stages_.next(forward_work * samples);
    stages::Measured found = with_responses ? stages::measure_with_responses(network, test_, stage)
                                            : stages::measure(network, test_, stage);
    Measurement& measurement =
        outcome_.measurements.emplace_back(Measurement{moment, std::move(found.metrics)});
    const double work = distorting_work(trial_) * samples;
    measurement.distorted = stages::measure_distorted(network, test_, trial_.distortions,
                                                      trial_.seed, stages_.next(work));
    measurement.network_sha256 = digest(network);
    measuring_ += watch.seconds();
    return std::move(found.responses);
  }

  const Trial& trial_;
  DataSets& data_;
  Dataset subset_;
  TestHalf test_half_;
  const Dataset& test_;
  StageProgress stages_;
  Outcome outcome_;
  double measuring_ = 0;
  double analyzing_ = 0;
};

}  // namespace

double work_of(const Trial& trial, DataSets& sets, const Progress& progress) {
  if (trial.sequence) return work_of_sequence(trial, sets, progress);
  const TrainAndTest& data = sets.get(trial.data, trial.reading, progress);
  const double samples = subset_size(trial.subset, data.train);
  if (trial.method != Method::network) {
    return fitting_work(trial, samples) * static_cast<double>(1 + trial.distortions.size());
  }
  const Stages& s = trial.stages;
  const int more = (s.finetune ? 1 : 0) + (s.control ? 1 : 0);
  const int measurements = 1 + more + (s.sleep ? 1 : 0);
  const double look = forward_work + distorting_work(trial);
  double training = samples_shown(trial.training, samples);
  for (const TrainingOptions& further : trial.further) {
    training += more * samples_shown(further, samples);
  }
  const std::size_t sleeps = !s.sleep ? 0 : s.finetune ? trial.further.size() : 1;
  const double sleep = sleep_work * static_cast<double>(sleeps * trial.parameters.steps) / 1000;
  return pretraining_work(trial, sets) + training + sleep +
         measurements * look * static_cast<double>(data.test.size());
}

Outcome run_trial(const Trial& trial, DataSets& data, const NetworkCache& networks,
                  const Progress& progress) {
  if (trial.sequence) return run_sequence(trial, data, networks, progress);
  return Run(trial, data, progress).all(networks);
}

}  // namespace hypnos

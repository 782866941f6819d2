#include "study/run_trial.hpp"

#include <fmt/format.h>

#include "base/stopwatch.hpp"
#include "hypnos/calibration.hpp"
#include "hypnos/error.hpp"
#include "hypnos/prediction.hpp"
#include "hypnos/sleep.hpp"
#include "hypnos/wake.hpp"
#include "study/meter.hpp"

namespace hypnos {
namespace {

std::string name_of(SleepEnd end) {
  switch (end) {
    case SleepEnd::complete:
      return "complete";
    case SleepEnd::silent:
      return "silent";
    case SleepEnd::saturated:
      return "saturated";
    default:
      return "stopped";
  }
}

SleepOutcome describe(const Network& before, const Network& after, const SleepReport& report) {
  SleepOutcome outcome{.end = name_of(report.end), .steps = report.steps};
  for (std::size_t l = 0; l < report.spike_counts.size(); ++l) {
    outcome.activity.push_back({.units = report.spike_counts[l].size(),
                                .spikes = report.spikes(l),
                                .rate = report.rate(l)});
    if (l > 0) outcome.activity.back().threshold = report.thresholds.at(l - 1);
  }
  for (std::size_t l = 0; l < before.layers.size(); ++l) {
    const auto& old_weights = before.layers[l].weights;
    const auto& new_weights = after.layers[l].weights;
    outcome.weights.push_back({.before = summarize_weights(old_weights),
                               .after = summarize_weights(new_weights),
                               .change = compare_weights(old_weights, new_weights)});
  }
  return outcome;
}

// A pass through the network without the gradient, in passes through training.
constexpr double forward_work = 1.0 / 3;
// A thousand steps of sleep, likewise; a guess in the middle of what parameters make of it.
constexpr double sleep_work = 10;

// One trial under way.
class Run {
 public:
  Run(const Trial& trial, const TrainAndTest& data, const TrialProgress& progress)
      : trial_(trial),
        test_(data.test),
        subset_(select(data.train, draw(trial.subset, data.train))),
        meter_(work_of(trial, data), progress) {
    outcome_.samples = subset_.size();
  }

  Outcome all(const NetworkCache& networks) {
    std::optional<TrainedNetwork> trained;
    attempt("train", [&] {
      const double work = training_work(trial_.training.epochs);
      trained = networks.get(trial_, subset_, meter_.training(work));
      if (trained->seconds > 0) outcome_.durations.push_back({"train", trained->seconds});
      meter_.finish(work);
    });
    if (trained) {
      measure_at(before_sleep, trained->network);
      if (trial_.stages.sleep) {
        attempt("sleep", [&] { sleep_and_after(trained->network, trained->recipe); });
      }
      if (trial_.stages.control) {
        attempt("control", [&] {
          train_on("control", trained->network, trained->recipe);
          measure_at(control, trained->network);
        });
      }
    }
    outcome_.durations.push_back({"measure", measuring_});
    return std::move(outcome_);
  }

 private:
  double training_work(std::uint64_t epochs) const {
    return static_cast<double>(epochs) * static_cast<double>(subset_.size());
  }

  // What cannot be done with this network ends this line of stages, and not the trial.
  template <typename Work>
  void attempt(const char* stage, const Work& work) {
    try {
      work();
    } catch (const FileError&) {
      throw;  // a damaged file is nobody's result
    } catch (const InputError& error) {
      outcome_.failure += outcome_.failure.empty() ? "" : "; ";
      outcome_.failure += fmt::format("{}: {}", stage, error.what());
    }
  }

  void sleep_and_after(Network network, Recipe recipe) {
    put_to_sleep(network);
    recipe.history.push_back({{"stage", "sleep"}});
    measure_at(after_sleep, network);
    if (trial_.stages.wake) {
      wake(network);
      recipe.history.push_back({{"stage", "wake"}});
    }
    if (trial_.stages.finetune) {
      train_on("finetune", network, recipe);
      measure_at(after_finetuning, network);
    }
  }

  void put_to_sleep(Network& network) {
    const Stopwatch watch;
    const Network before = network;
    const SleepParameters& parameters = trial_.parameters;
    const auto steps = static_cast<double>(parameters.steps);
    const double work = sleep_work * steps / 1000;
    const auto gains = input_gains(parameters, network, predict(network, subset_).maxima);
    const auto stimulus = noise_patches(mean_image(subset_), subset_.shape.rows,
                                        subset_.shape.columns, parameters, trial_.seed);
    const SleepReport report =
        sleep(network, parameters, gains, stimulus, {.progress = [&](std::uint64_t done) {
                return meter_.show(static_cast<double>(done) / steps, work);
              }});
    if (report.end == SleepEnd::stopped) throw Stopped();
    outcome_.durations.push_back({"sleep", watch.seconds()});
    outcome_.sleep = describe(before, network, report);
    meter_.finish(work);
  }

  void wake(Network& network) {
    const Stopwatch watch;
    const Prediction prediction = predict(network, subset_);
    outcome_.gain =
        output_gain(network.output, prediction.outputs, subset_.labels, network.outputs());
    rescale(network, *outcome_.gain);
    outcome_.durations.push_back({"wake", watch.seconds()});
  }

  void train_on(const std::string& stage, Network& network, const Recipe& recipe) {
    const Stopwatch watch;
    const TrainingOptions options = finetuning(trial_);
    const double work = training_work(options.epochs);
    const auto reports =
        train(network, subset_, options, further_training_seed(recipe), meter_.training(work));
    if (reports.size() < options.epochs) throw Stopped();
    outcome_.durations.push_back({stage, watch.seconds()});
    meter_.finish(work);
  }

  void measure_at(const char* moment, const Network& network) {
    const Stopwatch watch;
    const auto answers = predict(network, test_).answers;
    outcome_.measurements.push_back({moment, measure(test_.labels, answers, network.outputs())});
    measuring_ += watch.seconds();
    meter_.finish(forward_work * static_cast<double>(test_.size()));
  }

  const Trial& trial_;
  const Dataset& test_;
  Dataset subset_;
  Meter meter_;
  Outcome outcome_;
  double measuring_ = 0;
};

// Before it is drawn; what is kept of single classes does not matter here.
double subset_size(const Subset& subset, const Dataset& data) {
  if (subset.per_class) return static_cast<double>(*subset.per_class * data.classes);
  return subset.fraction.value_or(1) * static_cast<double>(data.size());
}

}  // namespace

double work_of(const Trial& trial, const TrainAndTest& data) {
  const Stages& s = trial.stages;
  const int more = (s.finetune ? 1 : 0) + (s.control ? 1 : 0);
  const int measurements = 1 + more + (s.sleep ? 1 : 0);
  const double epochs = static_cast<double>(trial.training.epochs) +
                        more * static_cast<double>(trial.finetune_epochs);
  const double sleep =
      s.sleep ? sleep_work * static_cast<double>(trial.parameters.steps) / 1000 : 0;
  return epochs * subset_size(trial.subset, data.train) + sleep +
         measurements * forward_work * static_cast<double>(data.test.size());
}

SleepOutcome sleep_outcome(const Network& before, const Network& after, const SleepReport& report) {
  return describe(before, after, report);
}

Outcome run_trial(const Trial& trial, const TrainAndTest& data, const NetworkCache& networks,
                  const TrialProgress& progress) {
  return Run(trial, data, progress).all(networks);
}

}  // namespace hypnos

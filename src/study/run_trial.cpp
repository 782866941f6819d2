#include "study/run_trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>

#include "base/stopwatch.hpp"
#include "hypnos/calibration.hpp"
#include "hypnos/error.hpp"
#include "hypnos/kernel_regression.hpp"
#include "hypnos/nearest_neighbor.hpp"
#include "hypnos/prediction.hpp"
#include "hypnos/sleep.hpp"
#include "hypnos/wake.hpp"
#include "study/meter.hpp"

namespace hypnos {
namespace {

LayerWeights describe_weights(std::span<const float> before, std::span<const float> after) {
  LayerWeights weights{.before = summarize_weights(before),
                       .after = summarize_weights(after),
                       .change = compare_weights(before, after)};
  const double low = std::min(weights.before.low, weights.after.low);
  const double high = std::max(weights.before.high, weights.after.high);
  constexpr std::size_t bins = 60;
  weights.histogram_before = count_weights(before, low, high, bins);
  weights.histogram_after = count_weights(after, low, high, bins);
  return weights;
}

SleepOutcome describe(const Network& before, const Network& after, const SleepReport& report) {
  SleepOutcome outcome{.end = std::string(name_of(report.end)), .steps = report.steps};
  for (std::size_t l = 0; l < report.spike_counts.size(); ++l) {
    outcome.activity.push_back({.units = report.spike_counts[l].size(),
                                .spikes = report.spikes(l),
                                .rate = report.rate(l)});
    if (l > 0) outcome.activity.back().threshold = report.thresholds.at(l - 1);
  }
  for (std::size_t l = 0; l < before.layers.size(); ++l) {
    outcome.weights.push_back(describe_weights(before.layers[l].weights, after.layers[l].weights));
  }
  return outcome;
}

// A pass through the network without the gradient, in passes through training.
constexpr double forward_work = 1.0 / 3;
// A thousand steps of sleep, likewise; a guess in the middle of what parameters make of it.
constexpr double sleep_work = 10;

// Before it is drawn; what is kept of single classes does not matter here.
double subset_size(const Subset& subset, const Dataset& data) {
  if (subset.per_class) return static_cast<double>(*subset.per_class * data.classes);
  return subset.fraction.value_or(1) * static_cast<double>(data.size());
}

double pretraining_work(const Trial& trial, DataSets& data) {
  if (!trial.pretraining) return 0;
  const Trial first = pretraining_trial(trial);
  return static_cast<double>(first.training.epochs) *
         subset_size(first.subset, data.get(first.data).train);
}

// Of methods in closed form: eigenvectors, or distances. Measured, and rough.
double fitting_work(const Trial& trial, double samples) {
  return trial.method == Method::neural_tangent_kernel ? samples * (1 + samples * samples * 1e-6)
                                                       : samples;
}

Dataset training_subset(const Trial& trial, DataSets& data) {
  const Dataset& all = data.get(trial.data).train;
  return select(all, draw(trial.subset, all));
}

// One trial under way.
class Run {
 public:
  Run(const Trial& trial, DataSets& data, const TrialProgress& progress)
      : trial_(trial),
        data_(data),
        test_(data.get(trial.data).test),
        subset_(training_subset(trial, data)),
        meter_(work_of(trial, data), progress) {
    check_augmentation(trial.training.augmentation, subset_.shape);
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
    if (trained) {
      measure_at(before_sleep, trained->network);
      if (trial_.stages.sleep || trial_.stages.finetune) {
        attempt(trial_.stages.sleep ? "sleep" : "finetune",
                [&] { sleep_wake_finetune(trained->network, trained->recipe); });
      }
      if (trial_.stages.control) {
        attempt("control", [&] {
          train_on("control", trained->network, trained->recipe);
          measure_at(control, trained->network);
        });
      }
    }
  }

  TrainedNetwork get_trained(const NetworkCache& networks) {
    const double first_work = pretraining_work(trial_, data_);
    const auto pretrained = [&] {
      const Trial first = pretraining_trial(trial_);
      TrainedNetwork network =
          networks.get(first, training_subset(first, data_), meter_.training(first_work));
      if (network.seconds > 0) outcome_.durations.push_back({"pretrain", network.seconds});
      meter_.finish(first_work);
      pretrained_now_ = true;
      return network;
    };
    const double work = training_work(trial_.training.epochs);
    TrainedNetwork trained = networks.get(trial_, subset_, meter_.training(work),
                                          trial_.pretraining ? pretrained : Beginning());
    if (trained.seconds > 0) outcome_.durations.push_back({"train", trained.seconds});
    meter_.finish(pretrained_now_ ? work : work + first_work);
    return trained;
  }

  void closed_form() {
    const Stopwatch watch;
    const double work = fitting_work(trial_, static_cast<double>(subset_.size()));
    const auto go_on = [&](double part) { return meter_.show(part, work); };
    const bool kernel = trial_.method == Method::neural_tangent_kernel;
    constexpr std::size_t neighbors[] = {1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21};
    const ClosedFormAnswers found =
        kernel ? classify_by_tangent_kernel(subset_, test_, trial_.hidden.size(), go_on)
               : classify_by_nearest_neighbors(subset_, test_, neighbors, go_on);
    if (found.answers.size() < test_.size()) throw Stopped();
    outcome_.durations.push_back({"fit", watch.seconds()});
    outcome_.fitted = {{kernel ? "ridge" : "neighbors", found.chosen},
                       {"leave_one_out", found.leave_one_out}};
    outcome_.measurements.push_back(
        {before_sleep, measure(test_.labels, found.answers, test_.classes)});
    meter_.finish(work);
  }

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

  void sleep_wake_finetune(Network network, Recipe recipe) {
    if (trial_.stages.sleep) {
      put_to_sleep(network);
      recipe.history.push_back({{"stage", "sleep"}});
      measure_at(after_sleep, network);
      note_responses(network.layers.size());
    }
    if (trial_.stages.wake) {
      wake(network);
      recipe.history.push_back({{"stage", "wake"}});
    }
    if (trial_.stages.finetune) {
      train_on("finetune", network, recipe);
      measure_at(after_finetuning, network);
    }
  }

  void note_responses(std::size_t layers) {
    assert(outcome_.sleep.has_value());
    for (std::size_t l = 0; l < layers; ++l) {
      outcome_.sleep->responses.push_back(
          {.before = responses_.at(before_sleep).at(l), .after = responses_.at(after_sleep).at(l)});
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
    const Stopwatch analysis;
    outcome_.sleep = describe(before, network, report);
    analyzing_ += analysis.seconds();
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
    const double analyzed_before = analyzing_;
    const auto answers = predict_and_analyze(moment, network);
    outcome_.measurements.push_back({moment, measure(test_.labels, answers, network.outputs())});
    measuring_ += watch.seconds() - (analyzing_ - analyzed_before);
    meter_.finish(forward_work * static_cast<double>(test_.size()));
  }

  // Before and after sleep it is also looked how the units respond.
  std::vector<std::uint32_t> predict_and_analyze(const std::string& moment,
                                                 const Network& network) {
    if (!trial_.stages.sleep || (moment != before_sleep && moment != after_sleep)) {
      return predict(network, test_).answers;
    }
    std::vector<ResponseStatistics> statistics;
    statistics.reserve(network.layers.size());
    for (const Layer& layer : network.layers) statistics.emplace_back(layer.outputs, test_.classes);
    auto answers =
        predict(network, test_,
                [&](std::size_t layer, std::size_t first, std::span<const float> responses) {
                  const Stopwatch watch;
                  const std::size_t samples = responses.size() / network.layers[layer].outputs;
                  statistics[layer].add(responses, std::span(test_.labels).subspan(first, samples));
                  analyzing_ += watch.seconds();
                })
            .answers;
    const Stopwatch watch;
    auto& summaries = responses_[moment];
    summaries.reserve(statistics.size());
    for (const ResponseStatistics& of_layer : statistics) summaries.push_back(of_layer.summary());
    analyzing_ += watch.seconds();
    return answers;
  }

  const Trial& trial_;
  DataSets& data_;
  const Dataset& test_;
  Dataset subset_;
  Meter meter_;
  Outcome outcome_;
  std::map<std::string, std::vector<ResponseSummary>> responses_;  // [layers] of a moment
  bool pretrained_now_ = false;
  double measuring_ = 0;
  double analyzing_ = 0;
};

}  // namespace

double work_of(const Trial& trial, DataSets& sets) {
  const TrainAndTest& data = sets.get(trial.data);
  const double samples = subset_size(trial.subset, data.train);
  if (trial.method != Method::network) return fitting_work(trial, samples);
  const Stages& s = trial.stages;
  const int more = (s.finetune ? 1 : 0) + (s.control ? 1 : 0);
  const int measurements = 1 + more + (s.sleep ? 1 : 0);
  const double epochs = static_cast<double>(trial.training.epochs) +
                        more * static_cast<double>(trial.finetune_epochs);
  const double sleep =
      s.sleep ? sleep_work * static_cast<double>(trial.parameters.steps) / 1000 : 0;
  return pretraining_work(trial, sets) + epochs * samples + sleep +
         measurements * forward_work * static_cast<double>(data.test.size());
}

SleepOutcome sleep_outcome(const Network& before, const Network& after, const SleepReport& report) {
  return describe(before, after, report);
}

Outcome run_trial(const Trial& trial, DataSets& data, const NetworkCache& networks,
                  const TrialProgress& progress) {
  return Run(trial, data, progress).all(networks);
}

}  // namespace hypnos

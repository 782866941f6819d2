#include "sleep.hpp"

#include <fmt/format.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/atomic_file.hpp"
#include "base/stopwatch.hpp"
#include "choice.hpp"
#include "data.hpp"
#include "hypnos/error.hpp"
#include "hypnos/guard.hpp"
#include "hypnos/recording.hpp"
#include "hypnos/stages.hpp"
#include "hypnos/stimulus.hpp"
#include "hypnos/subject.hpp"
#include "hypnos/tuning.hpp"
#include "hypnos/wake.hpp"
#include "network.hpp"
#include "stages/accuracy_trace.hpp"
#include "training.hpp"
#include "work.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace sleepreplay {
namespace {

using hypnos::SleepParameters;
using Outputs = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Spikes = nb::ndarray<const std::uint8_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

nb::dict described(hypnos::stages::SleepResult result, const SleepParameters& parameters,
                   double seconds) {
  hypnos::SleepReport& report = result.report;
  nb::dict dict;
  dict["end"] = std::string(name_of(report.end));
  dict["steps"] = report.steps;
  dict["seconds"] = seconds;
  std::vector<double> rates;
  for (std::size_t l = 0; l < report.spike_counts.size(); ++l) rates.push_back(report.rate(l));
  const std::size_t layers = rates.size();
  dict["rates"] = owned(std::move(rates), {layers});
  nb::list counts;
  for (auto& layer : report.spike_counts) {
    const std::size_t units = layer.size();
    counts.append(owned(std::move(layer), {units}));
  }
  dict["spike_counts"] = counts;
  const std::size_t reached = report.calibrated_rates.size();
  dict["thresholds"] = owned(std::move(report.thresholds), {layers - 1});
  dict["calibrated_rates"] = owned(std::move(report.calibrated_rates), {reached});
  dict["gains"] = owned(std::move(result.gains), {layers - 1});
  dict["parameters"] = parameters;
  return dict;
}

// The spikes that drive the sleep instead of noise, and how long it is then.
hypnos::Stimulus stimulus_of(const std::optional<Spikes>& spikes, std::size_t inputs,
                             SleepParameters& parameters) {
  if (!spikes) return {};
  if (spikes->shape(1) != inputs) {
    throw hypnos::ParameterError("input_spikes",
                                 fmt::format("need the shape [steps x {}], not [{} x {}]", inputs,
                                             spikes->shape(0), spikes->shape(1)));
  }
  if (parameters.steps == 0) parameters.steps = spikes->shape(0);
  if (parameters.steps > spikes->shape(0)) {
    throw hypnos::ParameterError("input_spikes", fmt::format("has {} steps, but the sleep takes {}",
                                                             spikes->shape(0), parameters.steps));
  }
  return hypnos::given_spikes({spikes->data(), spikes->size()}, inputs);
}

// Noise in the shape of a mean that these samples are only a part of.
hypnos::Stimulus noise_of(const hypnos::ImageSums& sums, const hypnos::Dataset& data,
                          const SleepParameters& parameters, std::uint64_t seed) {
  noise_shape(data);  // which looks whether samples can shape noise at all
  const std::vector<float> mean = mean_image(sums, data.shape, data.normalization);
  if (std::none_of(mean.begin(), mean.end(), [](float m) { return m > 0; })) {
    throw hypnos::SilentNoiseError(data.name);
  }
  return noise_patches(mean, data.shape, parameters, seed);
}

// @param sums of all samples that shape the noise; null: these
// @param consume whether the network may be used up, which saves a copy of it
nb::tuple sleep(HeldNetwork& network, const Data& data, const hypnos::ImageSums* sums,
                SleepParameters parameters, std::uint64_t seed, const std::optional<Spikes>& spikes,
                const std::string& record, std::uint64_t record_steps, const std::string& trace,
                std::uint64_t trace_steps, bool consume, unsigned threads,
                const nb::object& listener) {
  hypnos::stages::SleepRequest request;
  request.spikes = stimulus_of(spikes, network.trained.network.inputs(), parameters);
  if (spikes) request.spikes_name = "an array";
  if (sums != nullptr) {
    validate(parameters, network.trained.network.layers.size());
    request.spikes = noise_of(*sums, data.dataset, parameters, seed);
  }
  request.parameters = parameters;
  request.observer.drop_when_stopped = true;
  HeldNetwork slept = consume ? std::exchange(network, {}) : network;
  slept.trained.recipe.seed = seed;
  std::unique_ptr<hypnos::SleepRecorder> recorder;
  if (!record.empty()) {
    recorder = std::make_unique<hypnos::SleepRecorder>(record, record_steps);
    recorder->attach(request.observer);
  }
  hypnos::stages::SleepResult result;
  double seconds = 0;
  run_watched(listener, threads, [&](const hypnos::Execution& execution) {
    std::optional<hypnos::AccuracyTrace> accuracy;
    if (!trace.empty()) {
      accuracy.emplace(slept.trained.network, data.dataset, hypnos::Progress())
          .attach(request.observer, trace_steps, parameters.steps);
    }
    const hypnos::Stopwatch watch;
    result = hypnos::stages::sleep(slept.trained, &data.dataset, request, execution);
    seconds = watch.seconds();
    if (recorder) recorder->close();
    if (accuracy) hypnos::write_file(trace, accuracy->text());
  });
  return nb::make_tuple(std::move(slept), described(std::move(result), parameters, seconds));
}

nb::tuple wake(HeldNetwork& network, const Data& data, bool consume, unsigned threads,
               const nb::object& listener) {
  HeldNetwork awake = consume ? std::exchange(network, {}) : network;
  double factor = 1;
  run_watched(listener, threads, [&](const hypnos::Execution& execution) {
    factor = hypnos::stages::wake(awake.trained, data.dataset, execution);
  });
  return nb::make_tuple(std::move(awake), factor);
}

nb::dict described(const hypnos::Verdict& verdict) {
  nb::dict dict;
  dict["helps"] = verdict.helps;
  dict["steps"] = verdict.steps;
  dict["before"] = verdict.before;
  dict["after"] = verdict.after;
  dict["low"] = verdict.low;
  dict["high"] = verdict.high;
  dict["samples"] = verdict.samples;
  return dict;
}

nb::dict guard(const HeldNetwork& network, const Data& calibration, const Data& held_out,
               const SleepParameters& parameters, std::uint64_t seed, std::uint64_t noise_seeds,
               const std::string& objective, const std::string& distort, const std::string& moment,
               const std::map<std::string, hypnos::OptionValue>& moment_training,
               std::uint64_t moment_updates, std::optional<double> moment_learning_rate,
               unsigned threads, const nb::object& listener) {
  hypnos::Verdict verdict;
  run_watched(listener, threads, [&](const hypnos::Execution& execution) {
    hypnos::stages::Guard holdout{.mode = hypnos::stages::GuardMode::holdout,
                                  .holdout = &held_out.dataset,
                                  .noise_seeds = noise_seeds,
                                  .objective = hypnos::read_objective(objective),
                                  .moment = choice<hypnos::Moment>("moment", moment)};
    if (holdout.moment == hypnos::Moment::tuned) {
      holdout.further = further_training(moment_training, moment_updates, moment_learning_rate);
    }
    if (!distort.empty()) holdout.distortions = hypnos::read_weighted_distortions(distort);
    hypnos::TrainedNetwork trained = network.trained;
    trained.recipe.seed = seed;
    verdict = hypnos::stages::judge(trained, calibration.dataset, parameters, holdout, execution);
  });
  return described(verdict);
}

}  // namespace

void bind_sleep(nb::module_& module) {
  using hypnos::ImageSums;
  nb::class_<ImageSums>(module, "ImageSums")
      .def(
          "__init__",
          [](ImageSums* self, std::vector<double> sums, std::uint64_t samples) {
            new (self) ImageSums{.sums = std::move(sums), .samples = samples};
          },
          "sums"_a, "samples"_a)
      .def_ro("samples", &ImageSums::samples)
      .def_prop_ro("sums", [](const ImageSums& s) { return owned(s.sums, {s.sums.size()}); })
      .def(
          "and_of",
          [](const ImageSums& s, const Data& data) {
            const std::size_t features = data.images.shape(1);
            if (s.samples > 0 && s.sums.size() != features) {
              throw hypnos::InputError(
                  fmt::format("the samples have {} features; those of the "
                              "tasks before had {}",
                              features, s.sums.size()));
            }
            ImageSums sums = s;
            add(sums, data.dataset);
            return sums;
          },
          "data"_a);
  nb::class_<hypnos::OutputsOfFold>(module, "OutputsOfFold")
      .def(
          "__init__",
          [](hypnos::OutputsOfFold* self, std::vector<std::uint32_t> labels, const Outputs& before,
             const std::vector<Outputs>& after) {
            const auto numbers = [](const Outputs& outputs) {
              return std::vector<float>(outputs.data(), outputs.data() + outputs.size());
            };
            new (self) hypnos::OutputsOfFold{
                .labels = std::move(labels), .before = numbers(before), .after = {}};
            for (const Outputs& outputs : after) self->after.push_back(numbers(outputs));
          },
          "labels"_a, "before"_a, "after"_a);
  module.def("sleep", &sleep, "network"_a, "data"_a, "sums"_a.none(), "parameters"_a, "seed"_a,
             "spikes"_a.none(), "record"_a, "record_steps"_a, "trace"_a, "trace_steps"_a,
             "consume"_a, "threads"_a, "listener"_a.none());
  module.def("wake", &wake, "network"_a, "data"_a, "consume"_a, "threads"_a, "listener"_a.none());
  module.def(
      "compare_outputs",
      [](const std::string& objective, const std::vector<hypnos::OutputsOfFold>& folds,
         std::size_t classes, std::uint64_t steps, unsigned threads) {
        hypnos::Verdict verdict;
        run_watched(nb::none(), threads, [&](const hypnos::Execution& execution) {
          verdict = hypnos::compare_outputs(hypnos::read_objective(objective), folds, classes,
                                            steps, execution);
        });
        return described(verdict);
      },
      "objective"_a, "folds"_a, "classes"_a, "steps"_a, "threads"_a);
  module.def("guard", &guard, "network"_a, "calibration"_a, "held_out"_a, "parameters"_a, "seed"_a,
             "noise_seeds"_a, "objective"_a, "distort"_a, "moment"_a, "moment_training"_a,
             "moment_updates"_a, "moment_learning_rate"_a.none(), "threads"_a, "listener"_a.none());
}

}  // namespace sleepreplay

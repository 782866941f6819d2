#include "sleep.hpp"

#include <fmt/format.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/atomic_file.hpp"
#include "base/stopwatch.hpp"
#include "data.hpp"
#include "hypnos/error.hpp"
#include "hypnos/guard.hpp"
#include "hypnos/recording.hpp"
#include "hypnos/stages.hpp"
#include "hypnos/subject.hpp"
#include "hypnos/tuning.hpp"
#include "hypnos/wake.hpp"
#include "network.hpp"
#include "stages/accuracy_trace.hpp"
#include "work.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace sleepreplay {
namespace {

using hypnos::SleepParameters;
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

// @param consume whether the network may be used up, which saves a copy of it
nb::tuple sleep(HeldNetwork& network, const Data& data, SleepParameters parameters,
                std::uint64_t seed, const std::optional<Spikes>& spikes, const std::string& record,
                std::uint64_t record_steps, const std::string& trace, std::uint64_t trace_steps,
                bool consume, unsigned threads, const nb::object& listener) {
  hypnos::stages::SleepRequest request;
  request.spikes = stimulus_of(spikes, network.trained.network.inputs(), parameters);
  if (spikes) request.spikes_name = "an array";
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
               unsigned threads, const nb::object& listener) {
  hypnos::Verdict verdict;
  run_watched(listener, threads, [&](const hypnos::Execution& execution) {
    const hypnos::stages::Guard holdout{.mode = hypnos::stages::GuardMode::holdout,
                                        .holdout = &held_out.dataset,
                                        .noise_seeds = noise_seeds};
    hypnos::TrainedNetwork trained = network.trained;
    trained.recipe.seed = seed;
    verdict = hypnos::stages::judge(trained, calibration.dataset, parameters, holdout, execution);
  });
  return described(verdict);
}

}  // namespace

void bind_sleep(nb::module_& module) {
  module.def("sleep", &sleep, "network"_a, "data"_a, "parameters"_a, "seed"_a, "spikes"_a.none(),
             "record"_a, "record_steps"_a, "trace"_a, "trace_steps"_a, "consume"_a, "threads"_a,
             "listener"_a.none());
  module.def("wake", &wake, "network"_a, "data"_a, "consume"_a, "threads"_a, "listener"_a.none());
  module.def(
      "compare_answers",
      [](const std::vector<double>& before, const std::vector<std::vector<double>>& after,
         std::uint64_t steps) { return described(hypnos::compare_answers(before, after, steps)); },
      "before"_a, "after"_a, "steps"_a);
  module.def("guard", &guard, "network"_a, "calibration"_a, "held_out"_a, "parameters"_a, "seed"_a,
             "noise_seeds"_a, "threads"_a, "listener"_a.none());
}

}  // namespace sleepreplay

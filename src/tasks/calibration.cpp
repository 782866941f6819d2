#include "tasks/calibration.hpp"

#include "hypnos/dataset_prediction.hpp"

namespace hypnos {
namespace {

using Indices = std::vector<std::uint32_t>;

Dataset together(std::span<const TaskSamples> tasks, Indices TaskSamples::* which,
                 const Dataset& train) {
  Indices samples;
  for (const TaskSamples& task : tasks) {
    samples.insert(samples.end(), (task.*which).begin(), (task.*which).end());
  }
  return select(train, samples);
}

}  // namespace

Calibrated calibrate(Calibration by, std::size_t learned, std::span<const TaskSamples> tasks,
                     const Network& network, const Dataset& train, const Dataset& trained_on,
                     const Execution& execution) {
  const auto of = [&](const Dataset& mean, const Dataset& active) {
    return Calibrated{.mean = noise_shape(mean),
                      .maxima = predict(network, active, execution).maxima};
  };
  switch (by) {
    case Calibration::all: {
      const Dataset all = together(tasks.first(learned), &TaskSamples::all, train);
      return of(all, all);
    }
    case Calibration::running:
      return of(together(tasks.first(learned), &TaskSamples::training, train), trained_on);
    case Calibration::current:
      return of(trained_on, trained_on);
    case Calibration::first: {
      const Dataset first = together(tasks.first(1), &TaskSamples::training, train);
      return of(first, first);
    }
  }
  return {};
}

}  // namespace hypnos

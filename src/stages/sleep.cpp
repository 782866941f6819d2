#include "hypnos/sleep.hpp"

#include "hypnos/dataset_prediction.hpp"
#include "hypnos/error.hpp"
#include "hypnos/input_gains.hpp"
#include "hypnos/stages.hpp"
#include "training/check_fit.hpp"

namespace hypnos::stages {
namespace {

SleptStage stage_of(const SleepRequest& request, std::uint64_t seed) {
  return {.steps = 0,
          .seed = seed,
          .parameters = to_toml(request.parameters),
          .guard = request.guard,
          .input_spikes = request.spikes_name};
}

double accuracy(const Prediction& prediction, const Dataset& data, std::size_t classes) {
  return hypnos::measure(data.labels, prediction.answers, classes).accuracy;
}

}  // namespace

SleepResult sleep(TrainedNetwork& trained, const Dataset* data, const SleepRequest& request,
                  const Execution& execution) {
  constexpr double prediction_part = 0.1;  // of the work, about
  const Progress& progress = execution.progress;
  Network& network = trained.network;
  const SleepParameters& parameters = request.parameters;
  // Checked first: the sleep would find it too, but only after the pass over all samples.
  validate(parameters, network.layers.size());
  SleepResult result;
  std::vector<float> maxima;
  if (data != nullptr) {
    check_fit(network, *data);
    const Prediction before =
        predict(network, *data,
                {.threads = execution.threads, .progress = progress.stretch(0, prediction_part)});
    result.accuracy_before = accuracy(before, *data, network.classes());
    maxima = before.maxima;
  } else if (!request.spikes || !std::holds_alternative<GivenGains>(parameters.input_gain)) {
    throw InputError("a sleep needs data, for the shape of its noise and its scale factors");
  }
  result.gains = input_gains(parameters, network, maxima);
  const Stimulus stimulus = request.spikes ? request.spikes
                                           : noise_patches(noise_shape(*data), data->shape,
                                                           parameters, trained.recipe.seed);
  SleptStage stage = stage_of(request, trained.recipe.seed);
  try {
    result.report = hypnos::sleep(network, parameters, result.gains, stimulus, request.observer,
                                  progress.stretch(data == nullptr ? 0 : prediction_part, 1));
    stage.steps = result.report.steps;
    trained.recipe.history.push_back({stage});
  } catch (const SleepStopped& stopped) {
    stage.steps = stopped.so_far.steps;
    trained.recipe.history.push_back({stage});
    throw;
  }
  return result;
}

}  // namespace hypnos::stages

#include "hypnos/wake.hpp"

#include "hypnos/dataset_prediction.hpp"
#include "hypnos/stages.hpp"
#include "training/check_fit.hpp"

namespace hypnos::stages {

double wake(TrainedNetwork& trained, const Dataset& data, const Execution& execution) {
  Network& network = trained.network;
  check_fit(network, data);
  const Prediction prediction = predict(network, data, execution);
  const double factor =
      waking_factor(network.output, prediction.outputs, data.labels, network.classes());
  rescale(network, factor);
  trained.recipe.history.push_back({WokenStage{.gain = factor}});
  return factor;
}

}  // namespace hypnos::stages

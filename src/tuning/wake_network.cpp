#include "tuning/wake_network.hpp"

#include "hypnos/dataset_prediction.hpp"
#include "hypnos/wake.hpp"

namespace hypnos {

double wake_network(Network& network, const Dataset& data, const Execution& execution) {
  const Prediction prediction = predict(network, data, execution);
  const double factor =
      waking_factor(network.output, prediction.outputs, data.labels, network.classes());
  rescale(network, factor);
  return factor;
}

}  // namespace hypnos

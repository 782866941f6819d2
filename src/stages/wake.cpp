#include "hypnos/stages.hpp"
#include "training/check_fit.hpp"
#include "tuning/wake_network.hpp"

namespace hypnos::stages {

double wake(TrainedNetwork& trained, const Dataset& data, const Execution& execution) {
  check_fit(trained.network, data);
  const double factor = wake_network(trained.network, data, execution);
  trained.recipe.history.push_back({WokenStage{.gain = factor}});
  return factor;
}

}  // namespace hypnos::stages

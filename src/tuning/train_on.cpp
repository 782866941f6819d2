#include "tuning/train_on.hpp"

#include "hypnos/dataset_prediction.hpp"
#include "hypnos/error.hpp"
#include "hypnos/training.hpp"
#include "hypnos/wake.hpp"

namespace hypnos {

bool train_on(Network& network, const Subject& subject, const TrainingOptions& options, bool wake,
              std::uint64_t seed, const Execution& execution) {
  try {
    const Dataset& data = subject.training;
    if (wake) {
      const Prediction prediction = predict(network, data, execution);
      rescale(network,
              waking_factor(network.output, prediction.outputs, data.labels, network.classes()));
    }
    train(network, data, options, seed, execution);
  } catch (const ParameterError&) {
    throw;  // an option that cannot be, whatever the network
  } catch (const InputError&) {
    return false;
  }
  return true;
}

}  // namespace hypnos

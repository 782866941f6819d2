#include "tuning/train_on.hpp"

#include "hypnos/error.hpp"
#include "hypnos/training.hpp"
#include "tuning/wake_network.hpp"

namespace hypnos {
namespace {

void wake_if_it_can_be(Network& network, const Dataset& data, const Execution& execution) {
  try {
    wake_network(network, data, execution);
  } catch (const InputError&) {
    // No factor makes its outputs fit.
  }
}

}  // namespace

bool train_on(Network& network, const Subject& subject, const TrainingOptions& options,
              std::uint64_t seed, const Execution& execution) {
  try {
    wake_if_it_can_be(network, subject.training, execution);
    train(network, subject.training, options, seed, execution);
  } catch (const ParameterError&) {
    throw;  // an option that cannot be, whatever the network
  } catch (const InputError&) {
    return false;
  }
  return true;
}

}  // namespace hypnos
